"""Sentences that a person types: encoded, put on the map, and translated."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from explorer.errors import InputError
from explorer.gui.desk import Desk
from explorer.gui.hand import Hand
from explorer.workspace.messages import ReadSentence, SentenceRead


class Sentences(QObject):
    """Has the active model read a sentence, and puts the handle on its code.

    Attributes
    ----------
    last : SentenceRead or None
        What was read last, by the run that is shown.
    """

    read = Signal(object)
    """`SentenceRead`: the newest sentence, read."""
    failed = Signal(object)
    """Why it could not be read; the handle stays where it was."""

    def __init__(self, desk: Desk, hand: Hand) -> None:
        super().__init__(desk)
        self._desk, self._hand = desk, hand
        self.last: SentenceRead | None = None
        desk.workspace.active_run_changed.connect(self._forget)

    def ask(self, text: str, beams: int = 1) -> None:
        """Read a sentence; the newest wins."""
        model = self._desk.workspace.model_ref
        if model is None:
            return
        if not text.strip():
            self.failed.emit(InputError("the sentence is empty", remedy="Type a sentence first"))
            return

        def read(result: SentenceRead) -> None:
            if self._desk.is_current(result.model):
                self.last = result
                self._hand.set_code(result.z)
                self.read.emit(result)

        self._desk.jobs.latest(
            "sentence", "read_sentence", ReadSentence(model, text, beams), lane="work", on_result=read,
            on_error=self.failed.emit,
        )  # fmt: skip

    def _forget(self) -> None:
        self.last = None
