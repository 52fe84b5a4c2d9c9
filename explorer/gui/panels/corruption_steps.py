"""The steps of a chain of corruptions, as a list in which one is chosen, moved, removed or added."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from explorer.data.corruption import CORRUPTIONS, corruption_text, parse_corruption, steps_of
from explorer.gui.widgets.step_list import StepList

_OFTEN = ("gaussian", "baseline-wander", "spikes")
"""What is added: the first of these that is not in the chain yet."""


class CorruptionSteps(StepList):
    """Keeps the text of every step; whoever owns it edits the chosen one, and writes it back.

    Signals
    -------
    shown : str
        The chosen step is another one now: this is its text.
    """

    shown = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "corruption", parent)
        self._texts: list[str] = []
        self._at = 0
        self.chosen.connect(self._go)
        self.moved.connect(self._swap)
        self.removed.connect(self._drop)
        self.added.connect(self._more)
        self._refresh()

    def text(self) -> str | None:
        """Return the whole chain, or None where there is no step."""
        return " + ".join(self._texts) or None

    def set_text(self, text: str | None) -> None:
        """Take a chain and choose its first step; `shown` is not sent.

        Raises
        ------
        InputError
            If the text is none that `parse_corruption` reads.
        """
        steps = () if text is None else steps_of(parse_corruption(text))
        self._texts, self._at = [corruption_text(step) for step in steps], 0
        self._refresh()

    def current(self) -> str | None:
        """Return the text of the chosen step, or None where there is none."""
        return self._texts[self._at] if self._texts else None

    def write(self, text: str | None) -> None:
        """Put another text in place of the chosen step; None takes the whole chain away."""
        if text is None:
            self._texts, self._at = [], 0
        elif self._texts:
            self._texts[self._at] = text
        else:
            self._texts = [text]
        self._refresh()

    def _go(self, at: int) -> None:
        self._at = at
        self._refresh()
        self.shown.emit(self._texts[at])

    def _swap(self, at: int, to: int) -> None:
        self._texts[at], self._texts[to] = self._texts[to], self._texts[at]
        self._go(to)

    def _drop(self, at: int) -> None:
        del self._texts[at]
        self._go(min(at, len(self._texts) - 1))

    def _more(self) -> None:
        used = {text.partition(":")[0] for text in self._texts}
        name = next((name for name in _OFTEN if name not in used), _OFTEN[0])
        self._texts.insert(self._at + 1, corruption_text(CORRUPTIONS.load(name)()))  # type: ignore[call-arg] - defaults
        self._go(self._at + 1)

    def _refresh(self) -> None:
        self.show_steps([_label(text) for text in self._texts], self._at)
        self.add.setEnabled(bool(self._texts))


def _label(text: str) -> str:
    step = parse_corruption(text)
    unit = {"sigma": " σ", "dB": " dB"}.get(getattr(step, "unit", ""), "")
    return f"{step.title} · {f'{step.strength:.3g}'.replace('-', '−')}{unit}"
