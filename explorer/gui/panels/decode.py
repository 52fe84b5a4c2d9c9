"""The sample under the handle, decoded while it moves, with the nearest real one."""

from __future__ import annotations

import math
import statistics
import time
from collections import deque

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.analysis.spacing import Spacing, typical_spacing
from explorer.data.dataset import Dataset
from explorer.data.notation import tempo_of
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import recipe_of, why_no_data, why_no_decoding
from explorer.gui.panels.band import SampleBand
from explorer.gui.panels.gauge import CodeGauge
from explorer.gui.panels.play_button import Melody, PlayButton
from explorer.gui.panels.sentence_box import SentenceBox
from explorer.gui.player import Player
from explorer.gui.plots.mask_view import MaskView
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.theme import GRID
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.flow import FlowLayout, Row
from explorer.gui.widgets.labels import Readout, Words
from explorer.gui.widgets.numbers import code_text, number
from explorer.gui.widgets.stages import Stages
from explorer.workspace.analysis_contents import first_written
from explorer.workspace.messages import Decoded

READ_OUT_MS = 200
"""The words follow the curve five times a second at most: faster, nobody can read them."""

_SAVE = "Write the decoded sample to a CSV, TSV or NPZ file, in the data's own units"
_SAVE_NOTES = "Write the decoded melody as MIDI, as sound (WAV), or its notes as a table"
FRAME_MS = 16.0
"""What takes longer does not fit into a frame of the screen: its rate is told."""
RATE_OVER = 2.0
"""Seconds over which it is told."""

_ON = 0.01
"""A handle nearer to a code than this share of their usual spacing is on it."""
_SHOWN = 4
"""Numbers of a code that are shown; of a wider one fewer, and all of them by tool tip."""
_NEAR = "How far the nearest code lies from the handle, and how often the usual spacing of neighbouring codes that is"
_FAR = f"{_NEAR}. The model has seen nothing here: what it decodes is a guess"


class DecodePanel(QWidget):
    """Follows the handle: the decoded sample, the nearest real one, its distance, the code and the latency.

    Parameters
    ----------
    controller : Controller
    """

    train_requested = Signal()
    """The person wants to train a model."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self._workspace = controller.workspace
        self._decoded: Decoded | None = None
        self._spacing: tuple[object, Spacing | None] = (None, None)
        self._moves: deque[tuple[float, np.ndarray]] = deque(maxlen=256)
        self._decodes = "sample"
        self._playing: np.ndarray | None = None
        self._masked: Dataset | None = None
        self._awaiting_paint: float | None = None
        self._shown_ms: list[float] = []
        self._forward_ms: list[float] = []
        self._arrivals: deque[float] = deque(maxlen=64)
        self._latencies: dict[str, str] = {}
        self._read_out = Calm(self, READ_OUT_MS, self._tell)
        self.player = Player(controller.jobs, self)
        self._make_widgets()
        self._lay_out()
        controller.hand.decoded.connect(self._on_decoded)
        controller.hand.moved.connect(self._on_handle_moved)
        self._workspace.data_changed.connect(self._on_data_changed)
        self._workspace.active_run_changed.connect(self.refresh)
        self._workspace.run_changed.connect(self._on_run_changed)
        self._workspace.codes_changed.connect(self.refresh)
        self._on_data_changed()
        if controller.hand.last is not None:  # it came before the panel did
            self._on_decoded(controller.hand.last)

    # Its parts

    def _make_widgets(self) -> None:
        self.view = SampleView("decode-view", self)
        self.view.setAccessibleName("The decoded sample and the nearest real one")
        self.view.painted.connect(self._on_painted)
        self.band = SampleBand(self.controller, self.view)
        self.masks = MaskView("decode-masks", self)
        self.masks.setAccessibleName("The nearest real sample, with the decoded classes and its own")
        self.masks.painted.connect(self._on_painted)
        self.masks.hide()
        self.sentence = SentenceBox(self.controller.sentences, self)
        self.nearest = QPushButton("", self)
        self.nearest.setObjectName("nearest")
        self.nearest.setAccessibleName("Select the nearest sample")
        self.nearest.setToolTip("The real sample whose code is nearest to the handle; press to select it")
        self.nearest.clicked.connect(self._select_nearest)
        self.distance = Words("", "small", "muted")
        self.distance.setObjectName("distance")
        self.distance.setToolTip(_NEAR)
        self.gauge = CodeGauge(self.controller, self)
        self.code = Readout("", "number", "text")
        self.code.setObjectName("code")
        self.code.setAccessibleName("Code under the handle")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.latency = Readout("", "small", "muted")
        self.latency.setObjectName("latency")
        self.latency.explain("What the bare decoder took, and the time from the move of the hand to the painted curve")
        self.save = QPushButton("Save CSV…", self)
        self.save.setObjectName("save-decoded")
        self.save.clicked.connect(self._save)
        self.play = PlayButton(self.player, self._melody, self)
        self.player.moved.connect(self._follow_play)
        self.figure = QPushButton("Export…", self)
        self.figure.setObjectName("export-decode")
        self.figure.setAccessibleName("Export the decoded sample as a figure")
        self.figure.setToolTip("Write this plot as SVG, PDF, PNG, or its numbers")
        self.figure.clicked.connect(self._export)

    def _lay_out(self) -> None:
        body = QWidget(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        layout.setSpacing(GRID // 4)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.masks, 1)
        layout.addSpacing(GRID // 4)
        layout.addWidget(self.sentence)
        buttons = FlowLayout(spacing=GRID)
        for button in (self.nearest, self.play, self.save, self.figure):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        layout.addSpacing(GRID // 4)
        layout.addWidget(self.distance)
        layout.addWidget(self.gauge)
        layout.addSpacing(GRID // 4)
        layout.addWidget(Row(self.code, self.latency))
        self.stages = Stages(body, self)
        make = QPushButton("Open noisy sine waves")
        make.setObjectName("decode-open")
        make.setToolTip("Make the built-in set of noisy sine waves and look at it")
        make.clicked.connect(lambda: self.controller.librarian.open_builtin("sines"))
        train = QPushButton("Train a model")
        train.setObjectName("decode-train")
        train.setToolTip("Train the model of the form on the open data")
        train.clicked.connect(self.train_requested)
        first = QPushButton("Start at a sample")
        first.setObjectName("decode-start")
        first.setToolTip("Put the handle on the first sample")
        first.clicked.connect(lambda: self.controller.hand.place_on(0))
        for button in (make, train, first):
            button.setAccessibleName(button.text())
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty(
            "model",
            EmptyState("No model yet", "Train one; then drag the handle across the map and see it decode here.", train),
        )
        self.stages.add_empty("training", EmptyState("Training", "The first epoch is under way."))
        self.stages.add_empty("encoder", EmptyState("This model cannot decode", ""))
        self.stages.add_empty("handle", EmptyState("No place yet", "Double-click a sample on the map.", first))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stages)

    # What is open

    def _on_data_changed(self) -> None:
        data = self._workspace.data
        self.view.set_dataset(data)
        self.nearest.setMinimumWidth(0)
        self._decoded = None
        self.player.stop()
        melodies = data is not None and data.layout == "notes"
        self.play.setVisible(melodies)
        self.save.setText("Save MIDI…" if melodies else "Save CSV…")
        self.save.setAccessibleName(f"Save the decoded {'melody as MIDI' if melodies else 'sample as CSV'}")
        self.save.setToolTip(_SAVE_NOTES if melodies else _SAVE)
        self.refresh()

    def _on_run_changed(self, run: int) -> None:
        active = self._workspace.run
        if active is not None and active.id == run:
            self.refresh()

    def refresh(self) -> None:
        """Show the decoded sample, or what is missing for it."""
        run, data = self._workspace.run, self._workspace.data
        if self._decoded is not None and (run is None or self._decoded.model.run != run.id):
            self._decoded = None
            self.view.show_samples({})
        recipe = recipe_of(run)
        self.sentence.setVisible(data is not None and data.layout == "text")
        self.sentence.set_translates(recipe is not None and recipe.decodes == "translation")
        if data is None:
            self.stages.go("data", why_no_data(self._workspace))
        elif run is None:
            self.stages.go("model")
        elif why := why_no_decoding(run):
            self.stages.go("encoder", why)
        elif self._workspace.codes is None:
            if run.active:
                self.stages.go("training")
            else:
                self.stages.go("model", "This run ended before it had learnt anything. Train again.")
        elif self.controller.hand.z is None:
            self.stages.go("handle")
        else:
            self.stages.go("body")

    # The handle and what comes of it

    def _on_handle_moved(self, z: np.ndarray | None) -> None:
        if z is None:
            self._moves.clear()
            self.refresh()
            return
        self._moves.append((time.perf_counter(), z))
        if self.stages.stage == "handle":
            self.refresh()

    def _on_decoded(self, decoded: Decoded) -> None:
        data = self._workspace.data
        recipe = recipe_of(self._workspace.run)
        self._decodes = "sample" if recipe is None else recipe.decodes
        if data is None or not _fits(decoded, data, self._decodes):
            return
        self._decoded = decoded
        if self._playing is not None and not np.array_equal(self._playing, decoded.sample):
            self.player.stop()  # it is another melody now
        self._draw(decoded, data)
        self._note_arrival(decoded)
        self.band.follow(decoded)
        self._read_out.poke()

    def _draw(self, decoded: Decoded, data: Dataset) -> None:
        """Show the decoded sample beside the nearest real one; classes over the nearest, a future behind its start."""
        near = data.values[decoded.nearest] if 0 <= decoded.nearest < len(data) else None
        if data.layout == "text":
            self._draw_text(decoded, data)
            return
        of_masks = self._decodes == "masks"
        self.view.setHidden(of_masks)
        self.masks.setVisible(of_masks)
        if of_masks:
            self._draw_masks(decoded, data, near)
            return
        self.view.mark_future(first_written(decoded.sample) if self._decodes == "future" else None)
        own = None if near is None else self.view.times_of(decoded.nearest)
        if self._decodes == "curve":
            own = data.times_of(decoded.nearest) if near is not None else None
            self.view.mark_time(None if near is None else data.last_seen(decoded.nearest), "last seen")
        if decoded.recorded is not None:
            self._draw_record(decoded, near, own)
            return
        self.view.show_samples({"nearest": near, "decoded": decoded.sample}, {"nearest": own, "decoded": decoded.times})

    def _draw_record(self, decoded: Decoded, near: np.ndarray | None, own: np.ndarray | None) -> None:
        """Show what would be recorded as dots, as of the nearest real record, and the mean of all entries behind."""
        grid = None if self.view.plot is None else self.view.plot.times
        records = {"nearest": near, "expected": decoded.sample, "recorded": decoded.record}
        self.view.show_samples(records, {"nearest": grid if own is None else own, "recorded": grid})

    def _draw_text(self, decoded: Decoded, data: Dataset) -> None:
        """Show what was written in the model's own words, and beneath it the nearest real sentence."""
        self.view.show()
        self.masks.hide()
        near = data.text_of(decoded.nearest) if 0 <= decoded.nearest < len(data) else None
        if not decoded.translated:
            texts = {"decoded": decoded.text, "nearest": near}
        else:
            known = data.translation_of(decoded.nearest) if near is not None else None
            texts = {"translated": decoded.text, "source": near, "translation": known}
        self.view.show_texts({role: text for role, text in texts.items() if text is not None})

    def _draw_masks(self, decoded: Decoded, data: Dataset, near: np.ndarray | None) -> None:
        if self._masked is not data:
            self._masked = data
            self.masks.set_dataset(data, data.mask_names)
        if near is not None:
            masks = {"predicted": decoded.sample.argmax(axis=-1)}
            if data.masks is not None:
                masks["true"] = data.masks[decoded.nearest]
            self.masks.show_masks(near, masks, self.view.times_of(decoded.nearest))

    def _note_arrival(self, decoded: Decoded) -> None:
        """Find the move that this answers; the paint that follows stops its clock."""
        for moved, z in reversed(self._moves):
            if np.array_equal(z, decoded.z):
                # Of a curve that nobody sees no paint will tell.
                seen = self.view.isVisible() or self.masks.isVisible()
                self._awaiting_paint = moved if seen else None
                break
        else:
            return
        while self._moves and self._moves[0][0] <= moved:
            self._moves.popleft()
        if math.isfinite(decoded.forward_ms):
            self._forward_ms.append(decoded.forward_ms)
            self._arrivals.append(time.perf_counter())

    def _on_painted(self) -> None:
        if self._awaiting_paint is not None:
            self._shown_ms.append(1000 * (time.perf_counter() - self._awaiting_paint))
            self._awaiting_paint = None
            self._read_out.poke()

    # The words

    def _tell(self) -> None:
        decoded, data = self._decoded, self._workspace.data
        if decoded is None or data is None:
            return
        wide = len(decoded.z) > _SHOWN
        self.code.explain(code_text(decoded.z.tolist(), len(decoded.z)) if wide else "")
        self.code.setText(f"z = {code_text(decoded.z.tolist(), _SHOWN - 1 if wide else _SHOWN)}")
        self._tell_nearest(decoded, data.sample_name(decoded.nearest) if decoded.nearest >= 0 else "")
        # The paint comes after the decode: either may be new since the words were told last.
        for took, word in ((self._forward_ms, "decode"), (self._shown_ms, "shown")):
            if took:
                self._latencies[word] = f"{word} {statistics.median(took):.1f} ms"
                took.clear()
        self.latency.setText(" · ".join([*self._latencies.values(), *self._effort(decoded)]))

    def _effort(self, decoded: Decoded) -> list[str]:
        """Say how often an equation was asked; and where a decode takes over a frame, how many a second there are."""
        words = [f"{decoded.evaluations:,} evaluations"] if decoded.evaluations else []
        if decoded.forward_ms > FRAME_MS:
            now = time.perf_counter()
            recent = [moment for moment in self._arrivals if now - moment < RATE_OVER]
            if len(recent) > 2:
                words.append(f"{(len(recent) - 1) / (recent[-1] - recent[0]):.0f} decodes/s")
        return words

    def _tell_nearest(self, decoded: Decoded, name: str) -> None:
        known = bool(name) and math.isfinite(decoded.distance)
        self.nearest.setVisible(known)
        self.distance.setVisible(known and self.gauge.isHidden())  # else the gauge tells it, and more
        if not known:
            return
        text = f"Nearest: {name}"
        most = 40
        self.nearest.setText(text if len(text) <= most else f"{text[: most - 1]}…")
        # A longer name would push the buttons to the next line, and the plot above them would jump under the hand.
        self.nearest.setMinimumWidth(max(self.nearest.minimumWidth(), self.nearest.sizeHint().width()))
        self.nearest.setAccessibleName(f"Select the nearest sample, {name}")
        spacing = self._usual_spacing()
        far = spacing is not None and spacing.off_range(decoded.distance)
        # One line in either case: a strip that came and went would make the plot above it jump under the hand.
        self.distance.setText(_distance_words(decoded.distance, 0.0 if spacing is None else spacing.median, far=far))
        self.distance.set_color("warn" if far else "muted")
        self.distance.setToolTip(_FAR if far else _NEAR)

    def _usual_spacing(self) -> Spacing | None:
        codes = self._workspace.codes
        if self._spacing[0] is not codes:
            self._spacing = (codes, None if codes is None else typical_spacing(codes))
        return self._spacing[1]

    # What can be pressed

    def _melody(self) -> Melody | None:
        """Return what is to be played: the melody that is shown, at the tempo of the real one nearest to it."""
        decoded, data = self._decoded, self._workspace.data
        if decoded is None or data is None or data.layout != "notes":
            return None
        self._playing = decoded.sample
        return decoded.sample, data.vocabulary, tempo_of(data, decoded.nearest)

    def _follow_play(self, step: float | None) -> None:
        if step is None:
            self._playing = None
        if self.view.roll is not None:
            self.view.roll.set_playing(step)

    def _select_nearest(self) -> None:
        if self._decoded is not None and self._decoded.nearest >= 0:
            self._workspace.select([self._decoded.nearest])

    def _save(self) -> None:
        if self._decoded is None:
            return
        tables = "CSV (*.csv);;TSV (*.tsv);;NumPy (*.npz)"
        data = self._workspace.data
        if data is not None and data.layout == "notes":
            name, kinds = "decoded.mid", f"MIDI (*.mid);;Sound (*.wav);;{tables}"
        else:
            name, kinds = "decoded.csv", tables
        path, _ = QFileDialog.getSaveFileName(self, "Save the decoded sample", name, kinds)
        if path:
            self.controller.exporter.decoded(path)

    def _export(self) -> None:
        from explorer.gui.dialogs.export import ExportDialog

        dialog = ExportDialog(self.controller, self.window(), "decode")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _fits(decoded: Decoded, data: Dataset, decodes: str) -> bool:
    """Whether what was decoded is of these data: a sample, the probabilities of the classes of its places, a curve."""
    shape, sample_shape = decoded.sample.shape, data.sample_shape
    if decoded.translated:
        return bool(data.vocabulary)
    if decodes == "curve":
        return len(sample_shape) == 2 and shape[1:] == sample_shape[1:]
    return shape[:-1] == sample_shape[:-1] if decodes == "masks" else shape == sample_shape


def _distance_words(distance: float, usual: float, *, far: bool) -> str:
    """Say how far the nearest code is, in itself and beside the usual spacing of codes (0 where there is none)."""
    if distance <= _ON * usual:
        return "On this very sample"
    times = distance / usual if usual > 0 else 0.0
    beside = f", {times:.{0 if times >= 10 else 1}f} × the usual spacing" if times else ""
    return f"Far from all samples: {number(distance)}{beside}" if far else f"Distance {number(distance)}{beside}"
