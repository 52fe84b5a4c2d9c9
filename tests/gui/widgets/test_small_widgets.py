"""Calm updates, rows that become columns, numbers in words."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.widgets.banner import Banner
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.flow import Row
from explorer.gui.widgets.numbers import code_text, decibel, duration, number
from explorer.gui.widgets.stages import Stages


def test_calm_calls_at_once_then_at_most_once_an_interval(qtbot: QtBot) -> None:
    owner, calls = QWidget(), []
    qtbot.addWidget(owner)
    calm = Calm(owner, 60, lambda: calls.append(1))
    for _ in range(50):
        calm.poke()
    assert len(calls) == 1
    qtbot.waitUntil(lambda: len(calls) == 2, timeout=2000)
    qtbot.wait(100)
    assert len(calls) == 2


def test_a_row_becomes_a_column_where_it_does_not_fit(qtbot: QtBot) -> None:
    first, second = QPushButton("a long enough text"), QPushButton("another such text")
    row = Row(first, second)
    qtbot.addWidget(row)
    row.resize(600, 40)
    row.show()
    assert first.y() == second.y()
    assert first.width() > second.width() == second.sizeHint().width()
    row.resize(160, 100)
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert first.width() == second.width() == 160
    assert row.heightForWidth(160) > row.heightForWidth(600) > 0


def test_stages_show_one_page(qtbot: QtBot) -> None:
    stages = Stages(QLabel("body"))
    stages.add_empty("data", EmptyState("Nothing", "Do something."))
    qtbot.addWidget(stages)
    assert stages.stage == "body"
    stages.go("data", "Do another thing.")
    assert stages.stage == "data"
    assert "Do another thing." in [label.text() for label in stages.currentWidget().findChildren(QLabel)]


def test_a_banner_hides_without_words(qtbot: QtBot) -> None:
    banner = Banner("banner")
    qtbot.addWidget(banner)
    banner.tell("warn", "Mind this.")
    assert banner.text == "Mind this."
    assert not banner.isHidden()
    banner.tell("info", "")
    assert banner.isHidden()


def test_numbers() -> None:
    cases = [
        (0.0123, "0.0123"),
        (-1.5, "−1.50"),
        (0.0, "0.00"),
        (123.4, "123"),
        (1.2e-5, "1.20e-05"),
        (float("nan"), "–"),
    ]
    for value, text in cases:
        assert number(value) == text


def test_words_for_gains_times_and_codes() -> None:
    assert decibel(12.34) == "+12.3 dB"
    assert decibel(-6.31) == "−6.3 dB"
    assert decibel(-0.04) == "0.0 dB"
    assert (duration(7), duration(750), duration(3900)) == ("0:07", "12:30", "1:05:00")
    assert code_text([0.52, -1.3]) == "(0.52, −1.30)"
    assert code_text([0.0] * 10).endswith("… 2 more)")
