"""Draw the pictures of the README and the guide: ``make screenshots``.

It opens the real program as at the first start, in a home of its own, moves the mouse in it, and saves what is seen.
Without a display it draws into memory. Names of scenes as arguments draw only those.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QDoubleSpinBox, QWidget

from explorer import app as program
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.windows import windowed
from explorer.gui.bench.window import BenchWindow
from explorer.gui.compare.window import CompareWindow
from explorer.gui.main_window import MainWindow
from explorer.gui.outlook import View
from explorer.gui.panels.analysis.panel import AnalysisPanel
from explorer.gui.panels.recording import RecordingPanel
from explorer.gui.panels.sentence_box import SentenceBox
from explorer.gui.theme import theme

IMAGES = Path(__file__).resolve().parent.parent / "resources" / "docs" / "images"
PATIENCE = 120.0
"""Seconds to wait for one thing before giving up."""
THEMES = ("light", "dark")

Condition = Callable[[], bool]
Scene = Callable[["Photographer"], Iterator[Condition]]


class Photographer(QObject):
    """Plays the scenes: each is a generator that acts, and yields what to wait for before it goes on."""

    def __init__(self, scenes: dict[str, Scene]) -> None:
        super().__init__()
        self._scenes = scenes
        self._steps = self._play()
        self._seen: Condition = lambda: self._find_window() is not None
        self._deadline = time.monotonic() + PATIENCE
        self.failure = ""
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _find_window(self) -> MainWindow | None:
        """Return the window once it shows a project: before, it is but a frame."""
        windows = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
        return next((window for window in windows if hasattr(window, "controller")), None)

    @property
    def window(self) -> MainWindow:
        """Return the program's window."""
        window = self._find_window()
        assert window is not None
        return window

    def _tick(self) -> None:
        if not self._seen():
            if time.monotonic() > self._deadline:
                self._stop("waited in vain")
            return
        try:
            following = next(self._steps, None)
        except Exception as reason:
            self._stop(f"{type(reason).__name__}: {reason}")
            raise
        if following is None:
            self._stop("")
            return
        self._seen, self._deadline = following, time.monotonic() + PATIENCE

    def _stop(self, failure: str) -> None:
        self._timer.stop()
        self.failure = failure
        for dialog in self._dialogs():
            dialog.reject()
        self.window.controller.trainer.cancel()
        self.window.close()

    def _dialogs(self) -> list[QDialog]:
        return [
            widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()
        ]

    def dialog(self) -> QDialog:
        """Return the dialog that is open."""
        return self._dialogs()[0]

    def _play(self) -> Iterator[Condition]:
        controller = self.window.controller
        yield lambda: controller.workspace.codes is not None and controller.hand.last is not None
        for name, scene in self._scenes.items():
            print(name, flush=True)
            yield from scene(self)

    # What the scenes are made of

    def pause(self, seconds: float = 0.6) -> Condition:
        """Wait for so long: what fades or settles has done so."""
        until = time.monotonic() + seconds
        return lambda: time.monotonic() > until

    def save(self, name: str, widget: QWidget | None = None) -> None:
        """Save what a widget shows (the window where none is given), with a palette: a quarter of the size."""
        path = IMAGES / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        (widget or self.window).grab().save(str(path))
        with Image.open(path) as image:
            # Colours spread over those that occur, then moved to their middles: rare ones, as in a scale, survive.
            small = image.convert("RGB").quantize(
                256, method=Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE
            )
        small.save(path, optimize=True)

    def in_both_themes(self, name: str) -> Iterator[Condition]:
        """Save the window light and dark."""
        for choice in THEMES:
            theme().choose(choice)
            yield self.pause()
            self.save(f"{name}-{choice}")


def start(by: Photographer) -> Iterator[Condition]:
    """Show the window as it is after the first start."""
    yield by.pause(1.5)
    yield from by.in_both_themes("start")


def drag(by: Photographer) -> Iterator[Condition]:
    """Show the handle on its way across the map, the button still down."""
    canvas, controller = by.window.map.canvas, by.window.controller
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle, here = canvas.rect().center(), canvas.handle_position().toPoint()
    # The first drag is a short one, after which the hint fades; the second goes to the other side of the ring.
    for there in (here + QPoint(8, 4), middle + (middle - here) * 0.8):
        QTest.mouseRelease(canvas, left, none, here)
        yield by.pause()
        QTest.mousePress(canvas, left, none, here)
        for share in np.linspace(0, 1, 20):
            QTest.mouseMove(canvas, here + (there - here) * float(share))
            yield by.pause(0.03)
        here = there
    yield (
        lambda: (
            controller.hand.last is not None
            and controller.hand.z is not None
            and np.array_equal(controller.hand.last.z, controller.hand.z)
        )
    )
    yield from by.in_both_themes("drag")
    QTest.mouseRelease(canvas, left, none, here)


def denoise(by: Photographer) -> Iterator[Condition]:
    """Show one sample in strong noise, and what the model makes of it."""
    controller, panel = by.window.controller, by.window.panel("denoise")
    controller.workspace.select([7])
    kind, strength = panel.findChild(QComboBox, "corruption"), panel.findChild(QDoubleSpinBox, "strength-value")
    kind.setCurrentIndex(kind.findData("gaussian"))
    strength.setValue(0.6)
    yield lambda: controller.denoiser.last is not None and controller.denoiser.last.corruption == "gaussian:0.6"
    yield from by.in_both_themes("denoise")
    theme().choose("light")
    yield by.pause()
    by.save("denoise-panel", by.window.docks["denoise"])
    controller.workspace.select([])


def bench(by: Photographer) -> Iterator[Condition]:
    """Show the network beside tuned filters: on one sample, and over the whole test part."""
    window = by.window
    theme().choose("light")
    window.show_bench()
    (beside,) = window.findChildren(BenchWindow)
    beside.resize(1180, 740)
    beside.choice.choose("gaussian:0.5")
    for name in ("kalman", "butterworth", "median"):
        beside.lineup.choose(name, True)
    beside.list.set_current("savitzky-golay")
    beside.start()
    yield lambda: beside.contest.result is not None
    chosen = {each.id for each in beside.lineup.chosen}
    yield lambda: beside.trials.trial is not None and set(beside.trials.trial.outputs) == chosen
    yield by.pause(1.5)
    by.save("bench", beside)
    theme().choose("dark")
    beside.tabs.setCurrentIndex(beside.tabs.count() - 1)
    yield by.pause()
    by.save("bench-table", beside)
    theme().choose("light")
    beside.close()
    yield by.pause()


def training(by: Photographer) -> Iterator[Condition]:
    """Show a variational autoencoder that trains on handwritten digits."""
    controller = by.window.controller
    theme().choose("dark")
    controller.librarian.open_builtin("digits")
    workspace = controller.workspace
    yield lambda: workspace.data is not None and workspace.data.layout == "image"
    controller.trainer.start("vae", {"epochs": 200, "patience": 0}, None)
    yield lambda: workspace.run is not None and len(workspace.run.history.epochs) >= 30
    yield by.pause(1.0)
    by.save("training")
    controller.trainer.cancel()
    yield lambda: not controller.trainer.running


def analysis(by: Photographer) -> Iterator[Condition]:
    """Show pages of the Analysis dock over a variational autoencoder of handwritten digits."""
    window, controller = by.window, by.window.controller
    theme().choose("light")
    before = controller.workspace.data_id
    controller.librarian.open_builtin("digits")
    yield lambda: controller.workspace.data_id != before
    controller.trainer.start("vae", {"latent_dim": 8}, None)
    yield lambda: not controller.trainer.running and controller.hand.last is not None
    for name in ("components", "features", "outliers"):
        window.show_analysis(name)
        yield by.pause(0.3)
        panel = window.panel("analysis")
        assert isinstance(panel, AnalysisPanel)
        page = panel.page
        assert page is not None
        page.ask()
        yield lambda page=page: not page.inquiry.running
        assert not page.inquiry.failure, page.inquiry.failure
        yield by.pause()
        by.save(f"analysis-{name}", window.docks["analysis"] if name == "features" else None)
    window.reset_layout()
    yield by.pause()


def import_dialog(by: Photographer) -> Iterator[Condition]:
    """Show a table before it is imported."""
    theme().choose("light")
    waves = make("sines", n=12)
    lines = [",".join(["name", "phase", *(f"t{step}" for step in range(50))])]
    for i, wave in enumerate(waves.values[:, :, 0]):
        cells = [f"wave {i + 1}", "early" if waves.columns["phase"][i] < np.pi else "late", *(f"{v:.3f}" for v in wave)]
        lines.append(",".join(cells))
    path = Path(os.environ["LATENTSCAPE_HOME"]) / "waves.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    by.window.open_path(str(path))
    yield lambda: bool(by._dialogs())
    yield by.pause(2.0)
    by.save("import", by.dialog())
    by.dialog().reject()
    yield lambda: not by._dialogs()


def export_dialog(by: Photographer) -> Iterator[Condition]:
    """Show what to export, and how."""
    theme().choose("light")
    by.window.actions_.export_dialog()
    yield lambda: bool(by._dialogs())
    yield by.pause(2.0)
    by.save("export", by.dialog())
    by.dialog().reject()
    yield lambda: not by._dialogs()


def views(by: Photographer) -> Iterator[Condition]:
    """Show a turned map of three principal components of digits, and the run beside PCA."""
    window, controller = by.window, by.window.controller
    theme().choose("dark")
    controller.librarian.open_builtin("digits")
    yield lambda: controller.workspace.data is not None and controller.workspace.data.layout == "image"
    controller.trainer.start("autoencoder", {"latent_dim": 8}, None)
    yield lambda: not controller.trainer.running and controller.hand.last is not None
    controller.outlook.choose(View("pca", 3))
    window.map.canvas.show_hint(False)
    window.map.canvas.turning.turn(0.2, 0.1)
    window.map.canvas.settle()
    yield by.pause(1.0)
    by.save("space", window.map)
    theme().choose("light")
    window.compare(pca=True)
    (beside,) = window.findChildren(CompareWindow)
    yield lambda: beside.comparison.result is not None
    window.controller.workspace.select(np.flatnonzero(controller.workspace.data.labels == 3))
    beside.sides[0].canvas.moving.hover(3)
    yield by.pause(1.0)
    by.save("compare", beside)
    controller.workspace.select([])
    beside.close()


def text(by: Photographer) -> Iterator[Condition]:
    """Show the map of sentences with what is written under the handle, and a sentence that was typed and translated."""
    window, controller = by.window, by.window.controller
    workspace = controller.workspace
    theme().choose("light")

    def written(recipe: str) -> Condition:
        def seen() -> bool:
            run, last = workspace.run, controller.hand.last
            done = run is not None and run.recipe == recipe and run.status == "done"
            return done and last is not None and bool(last.text)

        return seen

    controller.librarian.open_builtin("sentences", {"n": 2000})
    yield lambda: workspace.data is not None and workspace.data.layout == "text"
    controller.trainer.start("sentence-vae", {"epochs": 25, "latent_dim": 2}, None)
    yield written("sentence-vae")
    assert controller.hand.z is not None
    controller.hand.set_code(controller.hand.z + np.array([0.5, 0.2]))
    yield by.pause(1.5)
    by.save("text")
    controller.librarian.open_builtin("number-words", {"n": 2000})
    yield lambda: workspace.data is not None and bool(workspace.data.target_vocabulary)
    controller.trainer.start("translator", {"epochs": 25}, None)
    yield written("translator")
    box = window.panel("decode").findChild(SentenceBox)
    QTest.keyClicks(box.line, "four hundred and two")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    yield lambda: controller.sentences.last is not None
    yield by.pause(1.5)
    by.save("translate", window.docks["decode"])


def exploring(by: Photographer) -> Iterator[Condition]:
    """Show what a variational autoencoder makes of places between the digits, and how far it knows them."""
    window, controller = by.window, by.window.controller
    tools, canvas = window.map.canvas.tools, window.map.canvas
    theme().choose("light")
    controller.librarian.open_builtin("digits")
    yield lambda: controller.workspace.data is not None and controller.workspace.data.layout == "image"
    controller.trainer.start("vae", {"latent_dim": 2, "epochs": 80}, None)
    yield lambda: controller.workspace.run is not None and controller.workspace.run.recipe == "vae"
    yield lambda: controller.workspace.run is not None and not controller.workspace.run.active
    yield lambda: controller.hand.last is not None and controller.is_current(controller.hand.last.model)
    canvas.show_hint(False)
    tools.press("lattice")
    yield lambda: window.map.backdrops.made["lattice"].current
    yield by.pause(1.0)
    by.save("lattice", window.map)
    tools.press("lattice")
    tools.press("fog")
    yield lambda: window.map.backdrops.made["fog"].current
    window.show_exploring("path")
    codes, labels = controller.workspace.codes, controller.workspace.data.labels
    for end, digit in (("A", 0), ("B", 1)):
        members = np.flatnonzero(labels == digit)
        middle = np.median(codes[members], axis=0)
        place = int(members[np.argmin(np.sum((codes[members] - middle) ** 2, axis=1))])
        controller.ways.mark(end, controller.ways.of_sample(place))
    yield lambda: controller.exporter.steps is not None and window.map.backdrops.made["fog"].current
    yield by.pause(2.5)
    by.save("exploring")
    tools.press("fog")


def recording(by: Photographer) -> Iterator[Condition]:
    """Show the windows of a recorded ECG as a path on the map, some of them selected and named."""
    window, controller = by.window, by.window.controller
    workspace = controller.workspace
    beats = make("ecg-recording").values[:60].reshape(1, -1, 1)
    heart = Dataset(values=beats, name="heart", sampling_rate=360.0, unit="mV", channel_names=("ECG",))
    workspace.add_data(windowed(heart, 180, 18))
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    yield (
        lambda: (
            workspace.codes is not None and workspace.data is not None and len(workspace.codes) == len(workspace.data)
        )
    )
    window.docks["recording"].raise_()
    window.resizeDocks([window.docks["recording"]], [230], Qt.Orientation.Vertical)
    panel = window.panel("recording")
    assert isinstance(panel, RecordingPanel) and workspace.codes is not None
    yield lambda: panel.plot.pyramid is not None and panel.plot.pyramid.whole
    far = np.linalg.norm(workspace.codes, axis=1)
    workspace.select(np.flatnonzero(far > np.quantile(far, 0.85)))
    controller.track.move_to(600)
    panel.plot.box.setXRange(20, 45, padding=0)
    yield by.pause(1.5)
    yield from by.in_both_themes("recording")


SCENES: dict[str, Scene] = {
    "start": start,
    "drag": drag,
    "denoise": denoise,
    "bench": bench,
    "import": import_dialog,
    "export": export_dialog,
    "views": views,
    "training": training,
    "analysis": analysis,
    "text": text,
    "exploring": exploring,
    "recording": recording,
}


def main(names: list[str]) -> int:
    """Draw the scenes called `names`, or all; return 1 if one did not come about."""
    os.environ.setdefault("QT_SCALE_FACTOR", "1.5")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="latentscape-") as home:
        os.environ["LATENTSCAPE_HOME"] = home
        application = QApplication(sys.argv[:1])
        scenes = {name: scene for name, scene in SCENES.items() if not names or name in names}
        photographer = Photographer(scenes)
        status = program.run()
    if photographer.failure:
        print(photographer.failure, file=sys.stderr)
    del application
    return 1 if photographer.failure else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
