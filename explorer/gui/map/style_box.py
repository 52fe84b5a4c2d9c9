"""The choices of how the points are drawn, in a box beside the tools."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QLabel, QPushButton, QSlider, QWidget

from explorer.gui.map.style import OPACITIES, SIZES, Style
from explorer.gui.theme import GRID, theme

_STEPS = 100


class StyleBox(QFrame):
    """Shows a `Style`, and tells of the one that the person wants."""

    style_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_style_box")
        self.setAccessibleName("How the points are drawn")
        self._style = Style()
        self.drawn = QComboBox()
        self.drawn.setObjectName("map_style_drawn")
        self.drawn.setAccessibleName("Draw as")
        self.drawn.setToolTip("Each sample in its colour, or how dense the samples are")
        self.drawn.addItem("samples", "points")
        self.drawn.addItem("density", "density")
        self.drawn.activated.connect(lambda row: self._choose(drawn=self.drawn.itemData(row)))
        self.size_slider = self._slider("size", "Size", "Size of the samples, as a share of what suits their number")
        self.size_slider.valueChanged.connect(lambda step: self._choose(size=_value(step, SIZES)))
        self.opacity_slider = self._slider("opacity", "Opacity", "How much of what lies behind shows through")
        self.opacity_slider.valueChanged.connect(lambda step: self._choose(opacity=_value(step, OPACITIES)))
        self.contours = QCheckBox("Contours")
        self.contours.setObjectName("map_style_contours")
        self.contours.setAccessibleName("Contours")
        self.contours.setToolTip("Lines around the densest places that hold 25, 50, 75 and 90 % of the samples in view")
        self.contours.toggled.connect(lambda on: self._choose(contours=on))
        self.reset = QPushButton("As at first")
        self.reset.setObjectName("map_style_reset")
        self.reset.setAccessibleName("Draw the samples as at first")
        self.reset.setToolTip("Draw samples, in the size that suits their number, without contours")
        self.reset.clicked.connect(lambda: self.style_chosen.emit(Style()))
        layout = QGridLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 2)
        rows = (("Draw", self.drawn), ("Size", self.size_slider), ("Opacity", self.opacity_slider))
        self._captions = [QLabel(text) for text, _ in rows]
        for row, (caption, (_, widget)) in enumerate(zip(self._captions, rows, strict=True)):
            layout.addWidget(caption, row, 0)
            layout.addWidget(widget, row, 1)
        layout.addWidget(self.contours, len(rows), 0, 1, 2)
        layout.addWidget(self.reset, len(rows) + 1, 0, 1, 2)
        self.show_style(self._style)
        self.restyle()
        self.hide()

    def _slider(self, name: str, title: str, help_: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName(f"map_style_{name}")
        slider.setAccessibleName(title)
        slider.setToolTip(help_)
        slider.setRange(0, _STEPS)
        slider.setFixedWidth(112)
        return slider

    def _choose(self, **changed: object) -> None:
        style = replace(self._style, **changed)  # pyright: ignore[reportArgumentType] - each by its own control
        if style != self._style:
            self.style_chosen.emit(style)

    def show_style(self, style: Style) -> None:
        """Mark what is shown."""
        self._style = style
        for widget in (self.size_slider, self.opacity_slider, self.contours):
            widget.blockSignals(True)
        self.drawn.setCurrentIndex(self.drawn.findData(style.drawn))
        self.size_slider.setValue(_step(style.size, SIZES))
        self.opacity_slider.setValue(_step(style.opacity, OPACITIES))
        self.contours.setChecked(style.contours)
        for widget in (self.size_slider, self.opacity_slider, self.contours):
            widget.blockSignals(False)
        self.reset.setEnabled(style != Style())
        self.size_slider.setEnabled(style.drawn == "points")

    def restyle(self) -> None:
        """Take the theme's colours and font."""
        p = theme().palette
        for widget in (self.drawn, self.contours, self.reset, *self._captions):
            widget.setFont(theme().font("small"))
        self.setStyleSheet(
            f"QFrame#map_style_box {{ background: {p.panel}; border: 1px solid {p.line}; border-radius: 8px; }}"
            f"QLabel {{ color: {p.text}; }}"
        )
        ground = self.contours.palette()
        ground.setColor(QPalette.ColorRole.Window, theme().color("muted"))  # of which the style draws the box's rim
        self.contours.setPalette(ground)
        self.adjustSize()


def _value(step: int, ends: tuple[float, float]) -> float:
    """Return what a slider's step means: each as many times more than the one before."""
    return round(ends[0] * (ends[1] / ends[0]) ** (step / _STEPS), 3)


def _step(value: float, ends: tuple[float, float]) -> int:
    return round(_STEPS * math.log(value / ends[0]) / math.log(ends[1] / ends[0]))
