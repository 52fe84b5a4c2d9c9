"""A long recording, denoised from file to file: which, by what, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.denoiser import DENOISERS, parse_denoiser
from explorer.data.reader import READERS
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.dialogs.choose_file import ask_for_data_file
from explorer.gui.panels.absent import why_no_denoising
from explorer.gui.theme import GRID
from explorer.gui.widgets.buttons import answers
from explorer.gui.widgets.labels import Words
from explorer.workspace.denoising import RUN


class RecordingDialog(QDialog):
    """Asks what to denoise, and has the controller do it beside the window, whose foot then tells how far it is.

    Parameters
    ----------
    controller : Controller
    parent : QWidget, optional
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._endings = tuple(
            ending for cls in READERS.load_all()[0].values() if cls.streams for ending in cls.extensions
        )
        self.setObjectName("recording_dialog")
        self.setWindowTitle("Denoise a recording")
        self.setMinimumWidth(64 * GRID)
        self._make_widgets()
        self._lay_out()
        self._offer()
        for changed in (self.path.textChanged, self.out.textChanged, self.denoiser.currentTextChanged):
            changed.connect(self._check)
        self._check()

    def _make_widgets(self) -> None:
        self.path = _line("recording", "Recording", "The file to denoise; it may be of any length")
        self.out = _line("recording_out", "Save as", "Where the denoised recording goes, in the same format")
        self.denoiser = QComboBox(editable=True)  # type: ignore[call-overload] - a Qt property
        self.denoiser.setObjectName("recording_denoiser")
        self.denoiser.setAccessibleName("Denoise by")
        self.denoiser.setToolTip("A run or a filter, or several joined by +, as in median:5 + run:1")
        self.overlap = QSpinBox(minimum=0, maximum=95, value=50, singleStep=5)  # type: ignore[call-overload] - Qt properties
        self.overlap.setObjectName("recording_overlap")
        self.overlap.setAccessibleName("Overlap of windows")
        self.overlap.setToolTip("Share that a window has in common with the next: more is smoother, and takes longer")
        self.overlap.setSuffix(" %")
        self.overlap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.gaps = QComboBox()
        self.gaps.setObjectName("recording_gaps")
        self.gaps.setAccessibleName("Missing values")
        self.gaps.setToolTip("What becomes of steps that the recording has no value for")
        self.gaps.addItem("Stay missing", "keep")
        self.gaps.addItem("Are filled by the denoiser", "fill")
        self.complaint = Words("", "small", "bad")
        self.complaint.setObjectName("complaint")
        self.complaint.setMinimumHeight(2 * self.complaint.fontMetrics().lineSpacing())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for text, widget in (
            ("Recording", self._with_browse(self.path, "browse_recording", self._browse)),
            ("Denoise by", self.denoiser),
            ("Overlap", self.overlap),
            ("Missing values", self.gaps),
            ("Save as", self._with_browse(self.out, "browse_out", self._browse_out)),
            ("", self.complaint),
        ):
            form.addRow(Words(text, color="muted", wrap=False), widget)
        buttons, self.start = answers(
            self,
            "Denoise",
            "Start; the window can be used meanwhile, and its foot tells how far it is",
            "Close without writing",
        )
        buttons.accepted.connect(self._start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(buttons)

    def _with_browse(self, line: QLineEdit, name: str, slot: object) -> QWidget:
        button = QPushButton("Browse…")
        button.setObjectName(name)
        button.setAccessibleName(f"Browse for: {line.accessibleName()}")
        button.setToolTip("Choose the folder and the name")
        button.setAutoDefault(False)
        button.clicked.connect(slot)  # type: ignore[arg-type] - a method without arguments
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(line, 1)
        layout.addWidget(button)
        return holder

    def _offer(self) -> None:
        """List the runs, the active one first, and the filters."""
        workspace = self._controller.workspace
        active = workspace.run
        runs = [run for run in workspace.runs if run.version and not why_no_denoising(run)]
        runs.sort(key=lambda run: (active is None or run.id != active.id, -run.id))
        for run in runs:
            self.denoiser.addItem(f"{RUN}:{run.id}")
            self.denoiser.setItemData(self.denoiser.count() - 1, run.name, Qt.ItemDataRole.ToolTipRole)
        for name, cls in DENOISERS.load_all()[0].items():
            self.denoiser.addItem(name)
            self.denoiser.setItemData(self.denoiser.count() - 1, cls.title, Qt.ItemDataRole.ToolTipRole)
        self.denoiser.setCurrentIndex(0)

    def _browse(self) -> None:
        if path := ask_for_data_file(self, "Recording to denoise"):
            self.path.setText(path)
            given = Path(path)
            self.out.setText(str(given.with_name(f"{given.stem}-denoised{given.suffix}")))

    def _browse_out(self) -> None:
        suffix = Path(self.path.text()).suffix
        chosen, _ = QFileDialog.getSaveFileName(self, "Save as", self.out.text(), f"{suffix[1:].upper()} (*{suffix})")
        if chosen:
            self.out.setText(chosen if chosen.lower().endswith(suffix.lower()) else chosen + suffix)

    def _check(self) -> None:
        """Say what stands in the way, or what will be replaced."""
        text, color, ready = "", "bad", True
        path, out = (Path(line.text().strip()).expanduser() for line in (self.path, self.out))
        if not self.path.text().strip():
            text, color, ready = f"Choose a file: {', '.join(self._endings)}", "muted", False
        elif not path.is_file():
            text, ready = "There is no such recording.", False
        elif path.suffix.lower() not in self._endings:
            text, ready = f"Recordings are denoised in these formats: {', '.join(self._endings)}", False
        elif why := self._why_not():
            text, ready = why, False
        elif out.suffix.lower() != path.suffix.lower():
            text, ready = f"The name to save as must end in {path.suffix}", False
        elif not out.parent.is_dir():
            text, ready = "There is no such folder to save in.", False
        elif out.exists() and out.samefile(path):
            text, ready = "Give the denoised recording another name.", False
        elif out.exists():
            text, color = "The file is there already, and will be replaced.", "warn"
        self.complaint.setText(text)
        self.complaint.set_color(color)
        self.start.setEnabled(ready)

    def _why_not(self) -> str:
        """Return what is wrong with the denoiser; nothing where it can be read."""
        known = {str(run.id) for run in self._controller.workspace.runs if run.version}
        median = DENOISERS.load("median")()  # stands for a run, of which only its number matters here
        missing: list[str] = []

        def named(name: str, rest: str) -> object:
            if name == RUN and rest not in known:
                missing.append(rest)
            return median if name == RUN else None

        try:
            parse_denoiser(self.denoiser.currentText(), named)  # type: ignore[arg-type]
        except InputError as reason:
            return str(reason)
        return f"There is no trained run {missing[0]}." if missing else ""

    def _start(self) -> None:
        self._controller.denoiser.recording(
            str(Path(self.path.text().strip()).expanduser().absolute()),
            str(Path(self.out.text().strip()).expanduser().absolute()),
            self.denoiser.currentText().strip(),
            overlap=self.overlap.value() / 100,
            gaps=self.gaps.currentData(),
        )
        self.accept()


def _line(name: str, accessible: str, tip: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(accessible)
    line.setToolTip(tip)
    return line
