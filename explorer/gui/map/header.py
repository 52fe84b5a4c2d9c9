"""The slim bar over the map: colours, what of the codes is shown, the selection, and how many samples are in view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QWidget

from explorer.analysis.planes import axis_name
from explorer.gui.icons import icon
from explorer.gui.outlook import TITLES, View
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Elided, Words

_TIPS = {
    "axes": "Coordinates of the code itself",
    "pca": "The directions in which the codes vary most; exact where you drag",
    "tsne": "Neighbourhoods, laid out; takes a while, and is approximate where you drag",
    "umap": "Neighbourhoods and their connections, laid out; takes a while, and is approximate where you drag",
}


class MapHeader(QWidget):
    """Shows the choices and tells of new ones; it decides nothing."""

    view_chosen = Signal(object)
    """The person wants to see another `View`."""

    def __init__(self, hindrance: Callable[[View], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_header")
        self._hindrance = hindrance
        self._view = View()
        self._changed = False
        self.colour_box = _combo("map_colouring", "Colour the points by", "What the points are coloured by")
        self.view_box = _combo("map_view", "What the map shows", "What the map shows of the codes")
        for method, title in TITLES.items():
            self.view_box.addItem(title, method)
        self.view_box.activated.connect(
            lambda i: self.view_chosen.emit(replace(self._view, method=self.view_box.itemData(i)))
        )
        self.settings = QToolButton()
        self.settings.setObjectName("map_layout_settings")
        self.settings.setAccessibleName("Settings of the layout")
        self.settings.setCheckable(True)
        self.settings.toggled.connect(self._draw_settings)
        self.space = QToolButton()
        self.space.setObjectName("map_space")
        self.space.setAccessibleName("Three dimensions")
        self.space.setText("3-D")
        self.space.setCheckable(True)
        self.space.clicked.connect(lambda on: self.view_chosen.emit(replace(self._view, dims=3 if on else 2)))
        ways = ("Horizontal axis", "Vertical axis", "Third axis")
        self.axis_boxes = [
            _combo(f"map_axis_{name}", way, f"The coordinate of the code along the {way.lower()}")
            for name, way in zip("xyz", ways, strict=True)
        ]
        for place, box in enumerate(self.axis_boxes):
            box.activated.connect(lambda axis, place=place: self.view_chosen.emit(self._view.with_axis(place, axis)))
        self.x_box, self.y_box, self.z_box = self.axis_boxes
        self.others = Elided("", "small", "muted")
        self.others.setObjectName("map_other_coordinates")
        self.showing = Words("", "small", "muted", wrap=False)
        self.showing.setObjectName("map_showing")
        self.clear = QPushButton()
        self.clear.setObjectName("map_clear_selection")
        self.clear.setToolTip("Clear the selection (Esc)")
        captions = [Words(text, "small", "muted", wrap=False) for text in ("Colour", "View")]
        self._spare: list[QWidget] = [*captions, self.showing]
        """What goes first where there is no room for all."""
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 2, GRID - 2, GRID + 2, GRID - 2)
        row.setSpacing(GRID)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addWidget(captions[0])
        row.addWidget(self.colour_box)
        row.addWidget(captions[1])
        for widget in (self.view_box, self.settings, *self.axis_boxes, self.space):
            row.addWidget(widget)
        row.addWidget(self.others, 1)
        row.addWidget(self.clear)
        row.addWidget(self.showing)
        self.restyle()

    def show_view(self, view: View, width: int) -> None:
        """Mark what is shown of codes of so many coordinates, and what cannot be."""
        self._view = view
        self.view_box.setCurrentIndex(self.view_box.findData(view.method))
        model = self.view_box.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(self.view_box.count()):
            method = self.view_box.itemData(row)
            reason = self._hindrance(replace(view, method=method, dims=2))
            model.item(row).setEnabled(not reason)
            model.item(row).setToolTip(reason or _TIPS[method])
        reason = self._hindrance(replace(view, dims=3))
        self.space.setEnabled(not reason)
        self.space.setChecked(view.dims == 3)
        self.space.setToolTip(reason or "Show three coordinates, and turn the map with the right button")
        for place, box in enumerate(self.axis_boxes):
            box.setVisible(view.method == "axes" and width > 2 and place < view.dims)
            if box.count() != width:
                box.clear()
                box.addItems([axis_name(axis) for axis in range(width)])
            box.setCurrentIndex(view.axes[place] if view.axes[place] < width else -1)
        self._fit()

    def show_tunable(self, title: str, *, changed: bool) -> None:
        """Offer the settings of a layout by the method of that title; of none where it is empty."""
        self._changed = changed
        self.settings.setVisible(bool(title))
        if not title:
            self.settings.setChecked(False)
        now = "; they have changed since the map was laid out" if changed else ""
        self.settings.setToolTip(f"Show or hide the settings of {title}{now}")
        self._draw_settings()
        self._fit()

    def _draw_settings(self) -> None:
        color = "warn" if self._changed else "accent" if self.settings.isChecked() else "text"
        self.settings.setIcon(icon("settings", theme().color(color), side=16))

    def tell_across(self, text: str, explanation: str) -> None:
        """Say what a code has that the map does not show, in short, and in full as a tool tip."""
        self.others.setText(text)
        self.others.setAccessibleName(explanation)
        self.others.setToolTip(explanation)

    def show_selected(self, count: int) -> None:
        """Say how many samples are selected, on the button that clears them."""
        self.clear.setVisible(count > 0)
        self.clear.setText(f"{count:,} selected  ✕")
        self.clear.setAccessibleName(f"Clear the selection of {count:,} samples")
        self._fit()

    def show_count(self, shown: int, n: int, finite: int, *, past: bool = False) -> None:
        """Say how many samples are in view, of how many, and why the others are not.

        Of a map of the `past` some samples were not kept.
        """
        text, lost = f"showing {shown:,} of {n:,}" if n else "", n - finite
        why, short = ("not kept of this epoch", "not kept") if past else ("without a finite code", "not finite")
        reasons = [f"{lost:,} {why}"] if lost else []
        if finite > shown:
            reasons.append(f"{finite - shown:,} out of view")
        self.showing.setText(f"{text} · {lost:,} {short}" if lost else text)
        self.showing.setToolTip("; ".join(reasons) or "All samples are in view")
        self._fit()

    # Room

    def _fit(self) -> None:
        """Show as much as there is room for: the choices always."""
        for widget in self._spare:
            widget.show()
        for widget in self._spare:
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
            widget.hide()
        # The boxes take other widths with what they hold, which a layout that was just asked would not hear of.
        self._row.invalidate()
        self._row.activate()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: a window need not grow for a row of words."""
        return QSize(160, self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        ground = self.palette()
        ground.setColor(QPalette.ColorRole.Window, theme().color("field"))
        self.setPalette(ground)
        self.setAutoFillBackground(True)
        p = theme().palette
        self.clear.setStyleSheet("QPushButton { padding: 2px 8px; }")
        for button, room in ((self.space, 8), (self.settings, 4)):
            button.setStyleSheet(
                f"QToolButton {{ padding: 2px {room}px; border: 1px solid {p.line}; border-radius: 6px; }}"
                f"QToolButton:checked {{ color: {p.accent}; border-color: {p.accent}; }}"
                f"QToolButton:focus, QToolButton:hover:enabled {{ border-color: {p.accent}; }}"
                f"QToolButton:disabled {{ color: {p.muted}; }}"
            )
        self._draw_settings()
        for widget in (self.clear, self.space, self.colour_box, self.view_box, *self.axis_boxes):
            widget.setFont(theme().font("small"))


class _Box(QComboBox):
    """As wide as its longest entry, also where it was shown before it had any: Qt keeps that least width."""

    def minimumSizeHint(self) -> QSize:
        """Ask for what its entries need."""
        return self.sizeHint()


def _combo(name: str, accessible: str, help_: str) -> QComboBox:
    box = _Box()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setToolTip(help_)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMaximumWidth(200)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
