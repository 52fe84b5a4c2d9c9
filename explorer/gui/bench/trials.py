"""Has one sample spoilt and denoised by all that are compared, at every move of the slider; the newest request wins."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.data.dataset import Dataset
from explorer.gui.bench.lineup import Entrant, Lineup
from explorer.gui.bench.trial import Trial
from explorer.gui.controller import Controller
from explorer.gui.jobs import Lane
from explorer.workspace.messages import Denoise, Denoised, Estimated

FRAME_SECONDS = 1 / 60
SHARE_SECONDS = FRAME_SECONDS / 3
"""What those that are asked together may take together; the rest of a frame is for the way and the paint."""
REST_MS = 150
"""How long the slider has to rest before those are asked that take longer than a frame."""
LOOKS = 2
"""How often what took longer than a frame is asked once more, to tell whether it always does."""


@dataclass(frozen=True)
class _Question:
    """What a sample is asked as."""

    index: int
    corruption: str | None
    seed: int


class Trials(QObject):
    """Asks the workers, and keeps the newest answers as a `Trial`.

    The quickest, as many as a frame allows, are asked together, and beside them in another worker those that take less
    than a frame each. What takes longer is asked one by one once the hand rests, and is drawn faintly until it has
    caught up.
    """

    changed = Signal()
    """Another `trial`."""
    failed = Signal(str)
    """Why the sample could not be denoised."""
    busy = False
    """Whether a bench runs in the worker in which what takes long is denoised."""

    def __init__(self, controller: Controller, lineup: Lineup, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._workspace, self._lineup = controller.jobs, controller.workspace, lineup
        self.trial: Trial | None = None
        self._base: Denoised | None = None
        self._base_of: _Question | None = None
        self._question: _Question | None = None
        self._data: Dataset | None = None
        self._answers: dict[str, tuple[_Question, str, Estimated]] = {}
        self._asked: dict[str, tuple[_Question, object]] = {}
        self._fast_asked: object = None
        self._seconds: dict[str, float] = {}
        self._looks: Counter[str] = Counter()
        self._drawn: list[tuple[str, str]] = []
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_slow)

    # Asking

    def ask(self, index: int, corruption: str | None, seed: int) -> None:
        """Have a sample spoilt so, and denoised by all that are chosen."""
        data = self._workspace.data
        if data is None or not 0 <= index < len(data):
            return
        if data is not self._data:
            self.forget()
            self._data = data
        elsewhere = self._question is None or index != self._question.index
        self._question = _Question(index, corruption, seed)
        first, beside = self._quick()
        asked = (self._question, [[(each.id, *self._stamp(each)) for each in group] for group in (first, beside)])
        if asked != self._fast_asked:
            self._fast_asked = asked
            self._send("bench", first, self._question, "work")
            if beside:
                self._send("bench beside", beside, self._question, self._second_lane())
        if any(self.is_slow(each) for each in self._lineup.chosen):
            self._rest.start()
        chosen = [(each.id, self._lineup.live_text(each)) for each in self._lineup.chosen]
        if elsewhere or chosen != self._drawn:  # else what is drawn stays until the answers come
            self._show()

    def forget(self) -> None:
        """Show nothing: other data were opened."""
        self._rest.stop()
        self.trial = self._base = self._base_of = self._question = self._data = None
        self._answers, self._asked, self._seconds, self._fast_asked = {}, {}, {}, None
        self._looks.clear()

    def _stamp(self, entrant: Entrant) -> tuple[object, ...]:
        """Return what an entrant is asked as: another text, or a run that has trained on, is asked anew."""
        return self._lineup.live_text(entrant), self._lineup.versions(entrant)

    def is_slow(self, entrant: Entrant) -> bool:
        """Whether an entrant is known to take longer than a frame, or is not known and may."""
        seconds = self._seconds.get(self._lineup.live_text(entrant))
        return entrant.slow if seconds is None else seconds > FRAME_SECONDS

    def _quick(self) -> tuple[list[Entrant], list[Entrant]]:
        """Return those that a frame has room for together, and those that it has room for one by one."""
        quick = [each for each in self._lineup.chosen if not self.is_slow(each)]
        total, first = 0.0, set()
        for each in sorted(quick, key=self._cost):
            total += self._cost(each)
            if total <= SHARE_SECONDS:
                first.add(each.id)
        return [each for each in quick if each.id in first], [each for each in quick if each.id not in first]

    def _cost(self, entrant: Entrant) -> float:
        """Return the seconds that an entrant is known to take; 0 where they are not known yet."""
        return self._seconds.get(self._lineup.live_text(entrant), 0.0)

    def _second_lane(self) -> Lane:
        """Return where to ask beside the quickest, unless that worker is busy with a bench."""
        return "work" if self.busy else "study"

    def _ask_slow(self) -> None:
        question = self._question
        if question is None:
            return
        for each in self._lineup.chosen:
            asked = (question, self._stamp(each))
            if self.is_slow(each) and self._asked.get(each.id) != asked:
                self._asked[each.id] = asked
                self._send(f"bench {each.id}", [each], question, self._second_lane())

    def _send(self, key: str, entrants: list[Entrant], question: _Question, lane: Lane) -> None:
        data = self._data
        assert data is not None  # there is a question
        texts = {each.id: self._lineup.live_text(each) for each in entrants}
        runs = self._lineup.runs() if any("run:" in text for text in texts.values()) else []
        request = Denoise(None, data, question.index, question.corruption, question.seed, list(texts.values()), runs)

        def answered(result: Denoised) -> None:
            if data is self._data:
                self._take(question, texts, result)

        def failed(reason: Exception) -> None:
            if data is self._data and question == self._question:
                self.failed.emit(str(reason))

        self._jobs.latest(key, "denoise", request, lane=lane, on_result=answered, on_error=failed)

    # Answers

    def _take(self, question: _Question, texts: dict[str, str], result: Denoised) -> None:
        now = self._question
        if now is None or question.index != now.index:
            return
        if self._base_of != now:  # a later answer to the question as it is now is not put aside for an older one
            self._base, self._base_of = result, question
        for (id_, text), estimate in zip(texts.items(), result.estimates, strict=True):
            self._answers[id_] = question, text, estimate
            if math.isfinite(estimate.seconds) and estimate.denoised is not None:
                before = self._seconds.get(text)
                self._seconds[text] = estimate.seconds if before is None else min(before, estimate.seconds)
                self._looks[text] += 1
                if self._looks[text] <= LOOKS and self._seconds[text] > FRAME_SECONDS:
                    # The first time a worker loads a library, or a model, and there are two workers.
                    self._asked.pop(id_, None)
                    self._rest.start()
        self._show()

    def _show(self) -> None:
        base, now = self._base, self._question
        if base is None or now is None or base.index != now.index:
            self.trial = None
            self.changed.emit()
            return
        self._drawn = [(each.id, self._lineup.live_text(each)) for each in self._lineup.chosen]
        outputs: dict[str, np.ndarray] = {}
        waiting: set[str] = set()
        for each in self._lineup.chosen:
            question, text, estimate = self._answers.get(each.id, (None, "", None))
            if question is None or estimate is None or question.index != now.index or estimate.denoised is None:
                continue
            outputs[each.id] = estimate.denoised
            behind = question != self._base_of and self.is_slow(each)  # others follow within a frame
            if behind or text != self._lineup.live_text(each):
                waiting.add(each.id)
        self.trial = Trial(base.index, base.noisy, base.clean, outputs, frozenset(waiting))
        self.changed.emit()

    def seconds(self, id_: str) -> float:
        """Return the least time that an entrant took for a sample, with the settings as they are; NaN if not known."""
        entrant = self._lineup.entrant(id_)
        return math.nan if entrant is None else self._seconds.get(self._lineup.live_text(entrant), math.nan)

    def refused(self, id_: str) -> str:
        """Return why an entrant made nothing of the sample; empty where it did."""
        answer = self._answers.get(id_)
        return "" if answer is None else answer[2].refused

    def gain(self, id_: str) -> float:
        """Return an entrant's SNR gain on the sample as it is now, in dB; NaN where there is none."""
        answer = self._answers.get(id_)
        if answer is None or answer[0] != self._base_of:
            return math.nan
        return answer[2].metrics.get("snr_gain_db", math.nan)

    @property
    def corruption(self) -> str | None:
        """What the sample of `trial` is spoilt by."""
        return None if self._base is None else self._base.corruption

    @property
    def metrics(self) -> dict[str, float]:
        """What is known of the noisy sample: "noisy_mse" and "noisy_mae"."""
        return {} if self._base is None else self._base.metrics
