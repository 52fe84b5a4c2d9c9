"""Sentences in readable type, one below the other by role; what differs between the first two is marked."""

from __future__ import annotations

import html
from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from explorer.data.tokens import in_common, join_tokens, split_text
from explorer.gui.plots.style import style_of
from explorer.gui.theme import theme

ORDER = ("decoded", "translated")
"""These roles stand first, in larger type: the sentence under the hand."""
_LINES = 9.5
_COMPARED = 300
"""Tokens of a text whose differences are marked, at most: nobody reads them in more, and the hand would wait."""
_LARGE, _USUAL = 1.45, 1.05
"""Size of the type, relative to the window's."""


class TextView(QTextBrowser):
    """Shows texts by role; they can be selected and copied.

    Where two texts can be compared, the tokens of the second that the first has not are underlined and in bold, and the
    other way round: so a glance tells how the decoded sentence differs from the nearest real one.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._texts: dict[str, str] = {}
        self._compared: tuple[str, str] | None = None
        self._characters = False
        self._hidden: set[str] = set()
        theme().changed.connect(self._write)

    @property
    def texts(self) -> dict[str, str]:
        """What is shown, by role."""
        return dict(self._texts)

    def minimumSizeHint(self) -> QSize:
        """Ask for room for a sentence, its nearest and its translation, with their names."""
        return QSize(80, round(_LINES * QFontMetrics(theme().font("small")).height()))

    def sizeHint(self) -> QSize:
        """Ask for no more than the least: the layout's stretch gives it the rest."""
        return self.minimumSizeHint()

    def set_texts(
        self, texts: Mapping[str, str], compared: tuple[str, str] | None = None, *, characters: bool = False
    ) -> None:
        """Show exactly these texts.

        Parameters
        ----------
        texts : dict of str to str
            By role; see `explorer.gui.plots.style.style_of`.
        compared : tuple of str, optional
            Two roles whose differences are marked.
        characters : bool
            Whether they are compared by characters rather than by words.
        """
        first = [role for role in ORDER if role in texts]
        shown = {role: texts[role] for role in (*first, *(role for role in texts if role not in first))}
        if (shown, compared, characters) != (self._texts, self._compared, self._characters):
            self._texts, self._compared, self._characters = shown, compared, characters
            self._write()

    def set_visible(self, role: str, on: bool) -> None:
        """Show or hide one role."""
        (self._hidden.discard if on else self._hidden.add)(role)
        self._write()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, and tell of it."""
        super().paintEvent(event)
        self.painted.emit()

    def _write(self) -> None:
        palette, size = theme().palette, theme().font("body").pointSizeF()
        marked = self._marked()
        blocks = []
        for role, text in self._texts.items():
            if role in self._hidden:
                continue
            style = style_of(role)
            large = role in ORDER
            words = marked.get(role) or html.escape(text)
            empty = f'<span style="color:{palette.muted}">(empty)</span>'
            blocks.append(
                f'<p style="margin:2px 0 0 0; font-size:{size * 0.88:.1f}pt; color:{style.qcolor().name()}">'
                f"{html.escape(style.title)}</p>"
                f'<p style="margin:0 0 6px 0; font-size:{size * (_LARGE if large else _USUAL):.1f}pt; '
                f'color:{palette.text}">{words or empty}</p>'
            )
        at = self.verticalScrollBar().value()
        self.setHtml("".join(blocks))
        self.verticalScrollBar().setValue(at)

    def _marked(self) -> dict[str, str]:
        """Return the two compared texts as HTML in which what the other has not is marked."""
        if self._compared is None or not all(role in self._texts for role in self._compared):
            return {}
        pieces = [split_text(self._texts[role], characters=self._characters) for role in self._compared]
        if max(map(len, pieces)) > _COMPARED:
            return {}
        return {
            role: _with_marks(words, [not common for common in kept], characters=self._characters)
            for role, words, kept in zip(self._compared, pieces, in_common(*pieces), strict=True)
        }


def _with_marks(words: list[str], marked: list[bool], *, characters: bool) -> str:
    """Return tokens joined as HTML, runs of those that are marked in bold and underlined."""
    text = ""
    for i, (word, mark) in enumerate(zip(words, marked, strict=True)):
        gap = join_tokens(words[i - 1 : i + 1], characters=characters)[len(words[i - 1]) : -len(word)] if i else ""
        goes_on = mark and i > 0 and marked[i - 1]
        begins, ends = mark and not goes_on, mark and not (i + 1 < len(words) and marked[i + 1])
        text += gap + "<u><b>" * begins + html.escape(word) + "</b></u>" * ends
    return text
