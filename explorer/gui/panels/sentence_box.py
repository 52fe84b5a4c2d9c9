"""A line to type a sentence in, and what the model makes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from explorer.gui.sentences import Sentences
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.workspace.messages import SentenceRead


class SentenceBox(QWidget):
    """Asks for a sentence; Return or the button has it read, and the handle goes to its code.

    Parameters
    ----------
    sentences : Sentences
    """

    def __init__(self, sentences: Sentences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sentence-box")
        self._sentences = sentences
        self._translates = False
        self.line = QLineEdit(self)
        self.line.setObjectName("sentence")
        self.line.setAccessibleName("Sentence to read")
        self.line.setPlaceholderText("Type a sentence…")
        self.line.setToolTip("A sentence in words that the model knows; Return has it read")
        self.line.setClearButtonEnabled(True)
        self.line.returnPressed.connect(self._ask)
        self.beams = QSpinBox(self)
        self.beams.setObjectName("beams")
        self.beams.setAccessibleName("Beams")
        self.beams.setRange(1, 16)
        self.beams.setValue(4)
        self.beams.setSuffix(" beams")
        self.beams.setToolTip("How many sentences are searched at once for the likeliest; 1 takes the likeliest token")
        self.button = QPushButton("Read", self)
        self.button.setObjectName("read-sentence")
        self.button.clicked.connect(self._ask)
        self.answer = Words("", "body", "text")
        self.answer.setObjectName("sentence-answer")
        self.answer.setAccessibleName("What the model writes of the sentence")
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self.line, 1)
        line.addWidget(self.button)
        told = QHBoxLayout()
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(GRID)
        told.addWidget(self.answer, 1)
        told.addStretch()
        told.addWidget(self.beams, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(line)
        layout.addLayout(told)
        sentences.read.connect(self._show)
        sentences.failed.connect(self._complain)
        self.set_translates(False)

    def set_translates(self, translates: bool) -> None:
        """Offer to translate, or only to read; forget what was told of another model."""
        if translates != self._translates:
            self.answer.hide()
        self._translates = translates
        self.button.setText("Translate" if translates else "Read")
        self.button.setAccessibleName("Translate the sentence" if translates else "Read the sentence")
        self.button.setToolTip(
            "Translate the sentence, and put the handle on its code"
            if translates
            else "Put the handle on the sentence's code, and see what is decoded there"
        )
        self.beams.setVisible(translates)

    def _ask(self) -> None:
        self._sentences.ask(self.line.text(), self.beams.value() if self._translates else 1)

    def _show(self, result: SentenceRead) -> None:
        self.answer.set_color("text")
        self.answer.setText(f"→ {result.written}")
        self.answer.setVisible(result.translated)  # a sentence that is read is decoded above, under the handle

    def _complain(self, reason: Exception) -> None:
        text = str(reason)
        self.answer.set_color("warn")
        self.answer.setText(text[:1].upper() + text[1:])
        self.answer.show()
