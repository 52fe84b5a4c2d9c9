"""On the manifold or off it? Three readings of the code under the handle, and what they come to, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.analysis.readings import FEWEST, READINGS
from explorer.analysis.reencoding import why_not
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import recipe_of
from explorer.gui.theme import GRID
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.labels import Elided
from explorer.gui.widgets.meters import LEVELS, Mark, Meters
from explorer.gui.widgets.numbers import number
from explorer.workspace.messages import Decoded, GaugeCode, Gauged, Reading

_EVERY_MS = 250
"""How often, at most, a hand on its way has the place judged: its decodes come first."""
_TRAINING_MS = 1000
"""The same while the run trains: each time all is judged by new weights, and cores are wanted elsewhere."""
_VERDICTS = (
    "On the manifold: as the codes of samples are",
    "At the edge of the manifold",
    "Off the manifold, a guess",
)
_HELP = (
    "Whether the model knows what it decodes here. Each dot stands between codes like those of real samples, at the "
    "left, and such as no sample has. Distance: to the five nearest samples. Density: of samples' codes. Re-encoding: "
    "how far the decoded sample, encoded again, lies from the handle. None of the three is sure by itself"
)


class CodeGauge(QWidget):
    """Follows the hand at its own pace, in a worker that decodes nothing for it.

    Parameters
    ----------
    controller : Controller
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gauge")
        self.setAccessibleName("On the manifold or off it")
        self.setToolTip(_HELP)
        self._controller, self._workspace = controller, controller.workspace
        self.last: Gauged | None = None
        self.verdict = Elided("", "small", "muted")
        self.verdict.setObjectName("gauge-verdict")
        self.verdict.setAccessibleName("Verdict")
        self.meters = Meters(self)
        self.meters.setObjectName("gauge-meters")
        self.meters.setAccessibleName("Distance, density and re-encoding")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 4)
        layout.addWidget(self.verdict)
        layout.addWidget(self.meters)
        self._asking = Calm(self, _EVERY_MS, self._ask)
        controller.hand.decoded.connect(self._decoded)
        self._workspace.active_run_changed.connect(self._forget)
        self._workspace.data_changed.connect(self._forget)
        self._forget()

    def _forget(self) -> None:
        """Judge nothing; the room is kept for where there will be something to judge."""
        self.last = None
        recipe, data = recipe_of(self._workspace.run), self._workspace.data
        names = READINGS if recipe is not None and not why_not(recipe) else READINGS[:2]
        self._told = recipe is not None and recipe.can_decode and data is not None and len(data) >= FEWEST
        self.setVisible(self._told)
        self.verdict.setText("")
        self.meters.show_marks([Mark(name, 0.0, 0, f"{name}: not judged yet") for name in names])

    def _decoded(self, _decoded: Decoded) -> None:
        around = self.parentWidget()
        if around is not None and around.isVisible():
            run = self._workspace.run
            self._asking.interval = _TRAINING_MS if run is not None and run.active else _EVERY_MS
            self._asking.poke()

    def _ask(self) -> None:
        model, data, z = self._workspace.model_ref, self._workspace.data, self._controller.hand.z
        if model is None or data is None or z is None:
            return
        self._controller.jobs.latest(
            "gauge", "gauge_code", GaugeCode(model, data, z), lane="work", on_result=self._show, on_error=self._failed
        )

    def _failed(self, reason: Exception) -> None:
        """Say that it could not be judged: the decode, if it fails too, tells why."""
        self._forget()
        self.verdict.setText("Not judged")
        self.verdict.setToolTip(str(reason))

    def _show(self, gauged: Gauged) -> None:
        if not self._controller.is_current(gauged.model):
            return
        self.last = gauged
        if not gauged.readings:
            self._forget()
            return
        self.setVisible(True)
        self.meters.show_marks(
            [
                Mark(reading.name, reading.place, reading.level, _tip(reading, posterior=gauged.posterior))
                for reading in gauged.readings
            ]
        )
        level = max((reading.level for reading in gauged.readings), default=0)
        by = [reading.name for reading in gauged.readings if reading.level == level]
        all_say_so = level == 0 or len(by) == len(gauged.readings)
        self.verdict.setText(_VERDICTS[level] + ("" if all_say_so else f" ({' and '.join(by)})"))
        self.verdict.set_color("muted" if level == 0 else LEVELS[level])
        self.verdict.setToolTip(_HELP)


def _tip(reading: Reading, *, posterior: bool) -> str:
    """Return a reading in words, with its number and how usual that is."""
    share = f"{reading.share:.0%}".replace("%", " %")
    if reading.name == "density":
        of = "the aggregate posterior" if posterior else "a Gaussian kernel over the codes"
        rarity = f"so low or lower for {share} of samples" if reading.share > 0 else "lower than for any sample"
        return f"Log density {number(-reading.value)} under {of}, usually {number(-reading.usual)}; {rarity}"
    what = {"distance": "Mean distance to the five nearest samples", "re-encoding": "‖E(D(z)) − z‖"}[reading.name]
    rarity = f"so high or higher for {share} of samples" if reading.share > 0 else "higher than for any sample"
    return f"{what}: {number(reading.value)}, usually {number(reading.usual)}; {rarity}"
