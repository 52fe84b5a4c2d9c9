"""What to export, in which format, how large, and where to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.look import FigureKind, FigureStyle
from explorer.gui.controller import Controller
from explorer.gui.dialogs.sizes import PRESETS, Unit, describe, from_mm, to_mm
from explorer.gui.exporter import ANALYSES, BENCH
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.buttons import answers
from explorer.gui.widgets.labels import Words

What = FigureKind | Literal["codes", "decoded", "training"]
_FIGURE = ("svg", "pdf", "png", "csv", "py")
_FILMS = ("mp4", "gif", "apng")
_NUMBERS = ("csv", "tsv", "npz")
_FORMATS = {
    "svg": "SVG, vector graphics",
    "pdf": "PDF, vector graphics",
    "png": "PNG, pixels",
    "csv": "CSV, the numbers",
    "py": "Python, the numbers and a script that redraws it",
    "tsv": "TSV, the numbers",
    "npz": "NPZ, arrays for numpy",
    "mp4": "MP4, a video",
    "gif": "GIF, moving pictures",
    "apng": "APNG, moving pictures without loss",
}
_MOST_PIXELS = 200e6
_MOST_MOVING = 4e6
_SCREEN_DPI = 150
"""Of animations: they are looked at on screens."""


@dataclass(frozen=True)
class _Thing:
    """Something that can be exported, and what is missing while it cannot."""

    title: str
    formats: tuple[str, ...]
    missing: str


_THINGS: dict[What, _Thing] = {
    "map": _Thing("Map of the codes", _FIGURE, "Train a model first"),
    "loss": _Thing("Loss curves", _FIGURE, "Train a model in epochs first"),
    "decode": _Thing("Decoded sample, as a figure", _FIGURE, "Drag the handle on the map first"),
    "denoise": _Thing("Denoising, as a figure", _FIGURE, "Denoise a sample first"),
    "path": _Thing(
        "Steps of the Explore dock, as a figure or an animation", (*_FIGURE, *_FILMS), "Go along a path there first"
    ),
    "training": _Thing(
        "Training, as an animation of the map", _FILMS, "Train a model in epochs, and show its map flat in Axes or PCA"
    ),
    "codes": _Thing("Codes of all samples", _NUMBERS, "Train a model first"),
    "decoded": _Thing("Decoded sample, as numbers", _NUMBERS, "Drag the handle on the map first"),
    "spectrum": _Thing("Eigen-spectrum", _FIGURE, ""),
    "clusters": _Thing("Clusters: sizes and labels", _FIGURE, ""),
    "outliers": _Thing("Outliers: errors of the samples", _FIGURE, ""),
    "features": _Thing("Features: scores of the probes", _FIGURE, ""),
    "generation": _Thing("Generation: variables beside real ones", _FIGURE, ""),
    "decision": _Thing("Decisions: classes over a plane of samples", _FIGURE, ""),
    "labels": _Thing("Accuracy by the number of labels", _FIGURE, ""),
    "forecast": _Thing("Forecast of a sample", _FIGURE, ""),
    "segments": _Thing("Segments of a sample", _FIGURE, ""),
    "bench_sample": _Thing("Bench: sample, denoised by several", _FIGURE, ""),
    "bench_residuals": _Thing("Bench: residuals", _FIGURE, ""),
    "bench_spectrum": _Thing("Bench: spectra", _FIGURE, ""),
    "bench_spectrogram": _Thing("Bench: spectrograms", _FIGURE, ""),
    "bench_levels": _Thing("Bench: error by noise level", _FIGURE, ""),
    "bench_scores": _Thing("Bench: scores", _FIGURE, ""),
}


class ExportDialog(QDialog):
    """Asks what to write, and has the controller write it.

    Parameters
    ----------
    controller : Controller
    parent : QWidget, optional
    what : str, optional
        What is chosen at first: a kind of figure, "codes" or "decoded".
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None, what: What | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._millimetres = (160.0, 110.0)
        self._unit: Unit = "mm"
        self._updating = False
        self._moving = False
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export")
        self._make_widgets()
        self._lay_out()
        self._offer(what)
        self._connect()
        self._what_changed()
        self._preset_changed()

    # Its parts

    def _make_widgets(self) -> None:
        self.what = _combo("what", "What to export", "What to write to the file")
        self.format = _combo("format", "Format", "The kind of file")
        self.preset = _combo("preset", "Size", "Sizes that journals and slides ask for")
        for name in (*PRESETS, "Custom"):
            self.preset.addItem(name)
        self.width_, self.height_ = QDoubleSpinBox(), QDoubleSpinBox()
        for box, name in ((self.width_, "Width"), (self.height_, "Height")):
            box.setObjectName(name.lower())
            box.setAccessibleName(name)
            box.setToolTip(f"{name} of the figure")
        self.unit = _combo("unit", "Unit", "Unit of the width and the height")
        for unit in ("mm", "in", "px"):
            self.unit.addItem(unit)
        self.dpi = QSpinBox(minimum=50, maximum=1200, value=300, singleStep=50)  # type: ignore[call-overload] - Qt properties
        self.dpi.setObjectName("dpi")
        self.dpi.setAccessibleName("Dots per inch")
        self.dpi.setToolTip("Resolution of pixels; journals ask for 300 to 600. In SVG and PDF, of dense points only")
        self.dpi.setSuffix(" dpi")
        self.text_size = QDoubleSpinBox(minimum=4, maximum=40, value=9, singleStep=0.5, decimals=1)  # type: ignore[call-overload] - Qt properties
        self.text_size.setObjectName("text_size")
        self.text_size.setAccessibleName("Text size in points")
        self.text_size.setToolTip("Size of the text in the figure; journals ask for 6 to 9 points")
        self.text_size.setSuffix(" pt")
        self.look = _combo("look", "Look", "Colours of the figure")
        self.look.addItem("White, for print", "print")
        self.look.addItem(f"As on screen ({theme().name})", theme().name)
        self.readout = Words("", "small", "muted", wrap=False)
        self.readout.setObjectName("readout")
        self.path = QLineEdit()
        self.path.setObjectName("path")
        self.path.setAccessibleName("File")
        self.path.setToolTip("Where to write")
        self.path.setMinimumWidth(34 * GRID)
        self.browse = QPushButton("Browse…")
        self.browse.setObjectName("browse")
        self.browse.setAccessibleName("Browse for a folder and a name")
        self.browse.setToolTip("Choose the folder and the name")
        self.browse.setAutoDefault(False)
        self.complaint = Words("", "small", "bad")
        self.complaint.setObjectName("complaint")
        self.complaint.setMinimumHeight(self.complaint.fontMetrics().lineSpacing())

    def _lay_out(self) -> None:
        size = _line(self.width_, Words("×", color="muted", wrap=False), self.height_, self.unit)
        self._form = form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, widget in (
            ("Export", self.what),
            ("Format", self.format),
            ("Size", self.preset),
            ("", size),
            ("Resolution", _line(self.dpi, Words("Text", color="muted", wrap=False), self.text_size)),
            ("Look", self.look),
            ("", self.readout),
            ("File", _line(self.path, self.browse, stretch_first=True)),
            ("", self.complaint),
        ):
            form.addRow(Words(text, color="muted", wrap=False), widget)
        self._figure_rows = range(2, 7)
        buttons, self.export_button = answers(self, "Export", "Write the file", "Close without writing")
        buttons.accepted.connect(self._export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(buttons)

    def _connect(self) -> None:
        self.what.currentIndexChanged.connect(self._what_changed)
        self.format.currentIndexChanged.connect(self._format_changed)
        self.preset.currentIndexChanged.connect(self._preset_changed)
        self.unit.currentIndexChanged.connect(self._show_size)
        self.width_.valueChanged.connect(self._size_typed)
        self.height_.valueChanged.connect(self._size_typed)
        self.dpi.valueChanged.connect(self._dpi_changed)
        self.path.textChanged.connect(self._check)
        self.browse.clicked.connect(self._browse)

    # What there is

    def _offer(self, wished: What | None) -> None:
        """List what can be exported; what cannot is there too, with what is missing."""
        controller, workspace = self._controller, self._controller.workspace
        there: dict[What, bool] = {
            "map": workspace.codes is not None,
            "loss": workspace.run is not None and bool(workspace.run.history.epochs),
            "decode": controller.hand.last is not None,
            "denoise": controller.denoiser.last is not None,
            "path": controller.exporter.steps is not None,
            "training": controller.exporter.has_training,
            "codes": workspace.codes is not None,
            "decoded": controller.hand.last is not None,
        }
        there.update((kind, True) for kind in ANALYSES if controller.exporter.has_analysis(kind))
        there.update((kind, True) for kind in BENCH if controller.exporter.has_bench(kind))
        for key, thing in _THINGS.items():
            if key not in there:
                continue  # an analysis that was not asked for, or a bench that is not open
            self.what.addItem(thing.title, key)
            if not there[key]:
                model = self.what.model()
                assert isinstance(model, QStandardItemModel)
                item = model.item(self.what.count() - 1)
                item.setEnabled(False)
                item.setToolTip(thing.missing)
        order: list[What] = [*([wished] if wished else []), *there]
        first = next((key for key in order if there[key]), None)
        self.what.setCurrentIndex(-1 if first is None else self.what.findData(first))

    @property
    def _thing(self) -> _Thing | None:
        key = self.what.currentData()
        return None if key is None else _THINGS[key]

    def _what_changed(self) -> None:
        thing = self._thing
        before = self.format.currentData()
        self.format.blockSignals(True)
        self.format.clear()
        for suffix in thing.formats if thing else ():
            self.format.addItem(_FORMATS[suffix], suffix)
        self.format.setCurrentIndex(max(0, self.format.findData(before)))
        self.format.blockSignals(False)
        self.path.setText(self._proposed())
        self._format_changed()

    def _format_changed(self) -> None:
        suffix = self.format.currentData() or ""
        if self.path.text():
            self.path.setText(str(Path(self.path.text()).with_suffix(f".{suffix}")))
        figure = suffix in ("svg", "pdf", "png", "py", *_FILMS)
        if (suffix in _FILMS) != self._moving:
            self._moving = suffix in _FILMS
            self.dpi.setValue(_SCREEN_DPI if self._moving else 300)
        for row in self._figure_rows:
            self._form.setRowVisible(row, figure)
        self._check()
        self.adjustSize()

    # Size

    def _preset_changed(self) -> None:
        preset = PRESETS.get(self.preset.currentText())
        if preset:
            self._millimetres = preset
        self._show_size()

    def _dpi_changed(self) -> None:
        """Pixels stay what was typed where they are the unit; else the figure stays as large."""
        if self._unit == "px" and self.preset.currentText() == "Custom":
            self._size_typed()
        else:
            self._show_size()

    def _show_size(self) -> None:
        """Show the size in the chosen unit."""
        self._unit = self.unit.currentText()  # type: ignore[assignment] - the combo lists just these
        decimals, step = {"mm": (1, 5.0), "in": (2, 0.25), "px": (0, 50.0)}[self._unit]
        self._updating = True
        for box, mm in zip((self.width_, self.height_), self._millimetres, strict=True):
            box.setDecimals(decimals)
            box.setSingleStep(step)
            box.setRange(from_mm(20, self._unit, self.dpi.value()), from_mm(1000, self._unit, self.dpi.value()))
            box.setValue(from_mm(mm, self._unit, self.dpi.value()))
        self._updating = False
        self._read_out()

    def _size_typed(self) -> None:
        if self._updating:
            return
        dpi = self.dpi.value()
        self._millimetres = (
            to_mm(self.width_.value(), self._unit, dpi),
            to_mm(self.height_.value(), self._unit, dpi),
        )
        self.preset.blockSignals(True)
        self.preset.setCurrentText("Custom")
        self.preset.blockSignals(False)
        self._read_out()

    def _read_out(self) -> None:
        self.readout.setText(describe(*self._millimetres, self.dpi.value()))
        self._check()

    # Where to

    def _proposed(self) -> str:
        key = self.what.currentData()
        if key is None:
            return ""
        folder = QSettings().value("export_folder")
        folder = Path(str(folder)) if folder and Path(str(folder)).is_dir() else Path.home()
        title = re.sub(r"[^\w.-]+", "-", self._controller.workspace.title).strip("-") or "latentscape"
        return str(folder / f"{title}-{key}.{self.format.currentData()}")

    def _browse(self) -> None:
        suffix = self.format.currentData()
        chosen, _ = QFileDialog.getSaveFileName(self, "Export to", self.path.text(), f"{suffix.upper()} (*.{suffix})")
        if chosen:
            self.path.setText(chosen if chosen.lower().endswith(f".{suffix}") else f"{chosen}.{suffix}")

    def _check(self) -> None:
        """Say what stands in the way, or what will be replaced."""
        text, color, ready = "", "bad", True
        path = Path(self.path.text()).expanduser()
        suffix = self.format.currentData()
        if self._thing is None:
            text, ready = "There is nothing to export yet. Train a model first.", False
        elif not self.path.text().strip():
            text, ready = "Give the file a name.", False
        elif path.suffix.lower() != f".{suffix}":
            text, ready = f"The name must end in .{suffix}.", False
        elif not path.parent.is_dir():
            text, ready = "There is no such folder.", False
        elif path.is_dir():
            text, ready = "This is a folder.", False
        elif suffix == "png" and self._pixels() > _MOST_PIXELS:
            text, ready = "That is more than 200 million pixels. Make it smaller, or lower the resolution.", False
        elif suffix in _FILMS and self._pixels() > _MOST_MOVING:
            text, ready = "That is more than 4 million pixels. Make it smaller, or lower the resolution.", False
        elif path.exists():
            text, color = "The file is there already, and will be replaced.", "warn"
        elif suffix == "py" and path.with_suffix(".csv").exists():
            text, color = f"{path.stem}.csv beside it is there already, and will be replaced.", "warn"
        self.complaint.setText(text)
        self.complaint.set_color(color)
        self.export_button.setEnabled(ready)

    def _pixels(self) -> float:
        width, height = (from_mm(mm, "px", self.dpi.value()) for mm in self._millimetres)
        return width * height

    def style_(self) -> FigureStyle:
        """Return the size and look that are chosen."""
        width, height = self._millimetres
        return FigureStyle(
            width_mm=width,
            height_mm=height,
            dpi=self.dpi.value(),
            theme=self.look.currentData(),
            font_size=self.text_size.value(),
        )

    def _export(self) -> None:
        path = Path(self.path.text().strip()).expanduser().absolute()
        QSettings().setValue("export_folder", str(path.parent))
        what: What = self.what.currentData()
        if what == "codes":
            self._controller.exporter.codes(str(path))
        elif what == "decoded":
            self._controller.exporter.decoded(str(path))
        elif what == "path":
            self._controller.exporter.walk(str(path), self.style_())
        elif what == "training":
            self._controller.exporter.training(str(path), self.style_())
        else:
            self._controller.exporter.figure(what, str(path), self.style_())
        self.accept()


def _combo(name: str, accessible: str, tip: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(accessible)
    combo.setToolTip(tip)
    return combo


def _line(*widgets: QWidget, stretch_first: bool = False) -> QWidget:
    """Return widgets beside each other."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for position, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if stretch_first and position == 0 else 0)
    if not stretch_first:
        layout.addStretch(1)
    return holder
