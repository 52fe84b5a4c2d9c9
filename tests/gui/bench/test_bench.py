"""The window of the bench: who is compared, what is drawn, who wins, and what is said where nothing can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from explorer.analysis import metrics
from explorer.analysis.bench import NOISY, Bench, Row
from explorer.analysis.figures import draw
from explorer.analysis.look import FigureStyle
from explorer.analysis.spectra import autocorrelation, white_band
from explorer.data.dataset import Dataset
from explorer.gui.bench.contest import Contest
from explorer.gui.bench.lineup import Lineup
from explorer.gui.bench.window import BenchWindow
from explorer.gui.controller import Controller
from explorer.gui.exporter import BENCH
from tests.gui.bench.conftest import waves

Open = Callable[..., BenchWindow]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SAMPLE, RESIDUALS, SPECTRUM, SPECTROGRAM, LEVELS, TABLE = range(6)


def click(widget: Any, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, LEFT, NONE, at if at is not None else widget.rect().center())


def turn(window: BenchWindow, place: int) -> None:
    click(window.tabs, window.tabs.tabRect(place).center())
    assert window.tabs.currentIndex() == place


def tick_box(window: BenchWindow, id_: str) -> QPoint:
    """Return where the box of an entrant is, after scrolling to it."""
    item = window.list.item_of(id_)
    assert item is not None
    window.list.scrollToItem(item)
    rect: QRect = window.list.visualItemRect(item)
    option = QStyleOptionViewItem()
    window.list.initViewItemOption(option)
    option.rect = rect  # type: ignore[attr-defined]
    window.list.itemDelegate().initStyleOption(option, window.list.indexFromItem(item))  # type: ignore[attr-defined]
    box = window.list.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, window.list)
    return box.center()


# Who is compared


def test_a_tick_compares_and_undo_takes_it_back(open_bench: Open) -> None:
    window = open_bench(waves())
    assert [each.id for each in window.lineup.chosen] == ["savitzky-golay", "wavelet"]
    colour = window.lineup.color("wavelet")
    click(window.list.viewport(), tick_box(window, "median"))
    assert [each.id for each in window.lineup.chosen] == ["median", "savitzky-golay", "wavelet"]
    assert "median" in window.sample_page.overlay.keys
    assert window.legend.keys == ["noisy", "clean", "median", "savitzky-golay", "wavelet"]
    colours = [window.lineup.color(each.id) for each in window.lineup.chosen]
    assert len(set(colours)) == 3 and window.lineup.color("wavelet") == colour
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [each.id for each in window.lineup.chosen] == ["savitzky-golay", "wavelet"]
    assert "median" not in window.sample_page.overlay.keys


def test_a_trained_run_stands_beside_the_classics(open_bench: Open, controller: Controller) -> None:
    controller.workspace.add_data(waves())
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    window = open_bench(None)
    run = controller.workspace.run
    assert run is not None
    assert next(each.id for each in window.lineup.chosen) == f"run:{run.id}"
    window.trials._ask_slow()
    trial = window.trials.trial
    assert trial is not None and set(trial.outputs) == {f"run:{run.id}", "savitzky-golay", "wavelet"}
    controller.workspace.rename_run(run.id, "mine")
    assert window.lineup.style(f"run:{run.id}").title == "mine"


def test_settings_by_hand_change_what_is_asked(open_bench: Open) -> None:
    window = open_bench(waves())
    window.list.set_current("savitzky-golay")
    form = window.details.settings.form
    assert form is not None and not form.isEnabled()
    before = window.trials.trial
    click(window.details.settings.tune, QPoint(8, window.details.settings.tune.height() // 2))
    assert form.isEnabled()
    form.field("window").write(5)
    form.field("window").edited.emit()
    assert window.lineup.settings("savitzky-golay") == {"window": 5}
    entrant = window.lineup.entrant("savitzky-golay")
    assert entrant is not None and entrant.text.startswith("savitzky-golay:5")
    after = window.trials.trial
    assert before is not None and after is not None
    assert not np.array_equal(before.outputs["savitzky-golay"], after.outputs["savitzky-golay"])


def test_a_stack_is_built_and_reordered(open_bench: Open) -> None:
    window = open_bench(waves())
    window.list.set_current("median")
    click(window.stack)
    editor = window.details.stack
    assert window.list.current == "stack:1" and window.lineup.parts("stack:1") == ("median",)
    place = editor.add.findData("wavelet")
    editor.add.setCurrentIndex(place)
    editor.add.activated.emit(place)
    one = window.lineup.entrant("stack:1")
    assert one is not None and one.text == "median + wavelet" and one.title == "Median → Wavelet (BayesShrink)"
    first = window.trials.trial
    click(editor.up)
    assert window.lineup.parts("stack:1") == ("wavelet", "median")
    second = window.trials.trial
    assert first is not None and second is not None
    assert not np.array_equal(first.outputs["stack:1"], second.outputs["stack:1"])
    editor.list.model().moveRow(editor.list.rootIndex(), 1, editor.list.rootIndex(), 0)  # as a drag does
    assert window.lineup.parts("stack:1") == ("median", "wavelet")
    click(editor.remove)
    assert window.lineup.entrant("stack:1") is None


# One sample


def test_the_slider_denoises_anew(open_bench: Open) -> None:
    window = open_bench(waves())
    window.choice.choose("gaussian:0.3")
    data = window.data
    assert data is not None and data.targets is not None
    slider = window.choice.slider
    slider.setFocus()
    before = window.sample_page.overlay.values("noisy")
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_PageUp)
    after = window.sample_page.overlay.values("noisy")
    assert before is not None and after is not None and not np.array_equal(before, after)
    trial = window.trials.trial
    assert trial is not None
    np.testing.assert_array_equal(trial.clean, data.targets[window.chooser.index])
    gain = metrics.snr_gain_db(data.targets[trial.index], trial.noisy, trial.outputs["wavelet"])
    assert window.trials.gain("wavelet") == pytest.approx(gain)


def test_a_zoom_is_shared_by_all_times(open_bench: Open) -> None:
    window = open_bench(waves(steps=100))
    overlay = window.sample_page.overlay
    middle = QPointF(overlay.viewport().rect().center())
    down = QPoint(0, 240)
    event = QWheelEvent(
        middle, QPointF(overlay.viewport().mapToGlobal(middle.toPoint())), QPoint(), down,
        Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    whole = overlay.box.viewRange()[0]
    QApplication.sendEvent(overlay.viewport(), event)
    zoomed = overlay.box.viewRange()[0]
    assert zoomed[1] - zoomed[0] < 0.9 * (whole[1] - whole[0])
    for plot in (window.residuals_page.curves, window.sample_page.lanes, *window.spectrogram_page.images):
        np.testing.assert_allclose(plot.box.viewRange()[0], zoomed)


def test_views_show_what_they_say(open_bench: Open) -> None:
    window = open_bench(waves(channels=2, steps=120))
    window.channel.setCurrentIndex(1)
    window.channel.activated.emit(1)
    trial = window.trials.trial
    assert trial is not None and trial.clean is not None
    turn(window, RESIDUALS)
    residual = (trial.outputs["wavelet"] - trial.clean)[:, 1]
    page = window.residuals_page
    np.testing.assert_allclose(page.curves.values("wavelet"), residual[:, None])
    np.testing.assert_allclose(page.lags.values("wavelet"), autocorrelation(residual)[:, None])
    assert page.lags.band == white_band(120)
    turn(window, SPECTRUM)
    power, frequencies = window.spectrum_page.plot.values("clean"), window.spectrum_page.plot._x
    assert power is not None
    assert frequencies[np.argmax(power)] == pytest.approx(10.0 / 20, abs=frequencies[1] / 2)  # a wave of 20 steps
    turn(window, SPECTROGRAM)
    assert [image.isVisible() for image in window.spectrogram_page.images] == [True] * 4 + [False] * 2
    turn(window, SAMPLE)
    click(window.stacked)
    assert window.sample_page.lanes.lanes == ["noisy", "savitzky-golay", "wavelet"]
    click(window.legend.chip("noisy"))
    assert window.sample_page.lanes.lanes == ["savitzky-golay", "wavelet"]


def test_an_output_that_lags_behind_is_faint(open_bench: Open) -> None:
    window = open_bench(waves())
    window.choice.choose("gaussian:0.3")
    window.trials._seconds["wavelet"] = 1e9  # from now on it is asked once the slider rests
    window.choice.slider.setValue(window.choice.slider.value() + 40)
    overlay = window.sample_page.overlay
    assert overlay.is_stale("wavelet") and not overlay.is_stale("savitzky-golay")
    assert np.isnan(window.trials.gain("wavelet"))
    window.trials._rest.stop()
    window.trials._ask_slow()
    assert not overlay.is_stale("wavelet")
    window.trials.forget()


# The whole test part


def test_the_bench_names_a_winner_and_its_best_samples(open_bench: Open) -> None:
    window = open_bench(waves(channels=2))
    window.choice.choose("gaussian:0.5")
    turn(window, TABLE)
    assert window._results[1].stage == "ready"
    click(window.foot.run)
    result, model = window.contest.result, window.table_page.model
    assert result is not None and result.complete and window._results[1].stage == "body"
    errors = [row.measures["mse"].value for row in model.rows]
    assert errors == sorted(errors) and model.rows[-1].name == NOISY
    assert model.winner is model.rows[0] and str(model.index(0, 1).data()).endswith("★")
    item = window.list.item_of("savitzky-golay")
    assert item is not None and "tuned: " in item.toolTip()
    assert "wavelet:" in window.lineup.tuned["wavelet"]  # and the live views take these settings
    place = window.table_page.breakdown.findText("channel channel 2")
    window.table_page.breakdown.setCurrentIndex(place)
    window.table_page.breakdown.activated.emit(place)
    wavelet = next(row for row in model.rows if row.name == "wavelet")
    assert model.value(wavelet, "mse") == wavelet.channels["channel 2"]["mse"]
    assert window.table_page.verdict.text().partition(":")[0] in ("Yes", "Not told apart")
    turn(window, LEVELS)
    assert set(window.levels_page.plot.lines) == {"savitzky-golay", "wavelet"}
    line = window.levels_page.plot.lines["wavelet"]
    assert line.low is not None and np.all(line.low <= line.values)
    turn(window, SAMPLE)
    window.list.set_current("wavelet")
    wavelet = next(row for row in result.rows if row.name == "wavelet")
    click(window.extremes.best)
    assert window.chooser.index == wavelet.best[0]
    click(window.extremes.best)
    assert window.chooser.index == wavelet.best[1]
    click(window.extremes.worst)
    assert window.chooser.index == wavelet.worst[0]
    window.choice.slider.setValue(10)
    assert window.foot.status.text().startswith("Settings changed")


def test_every_view_is_exported(open_bench: Open, controller: Controller) -> None:
    window = open_bench(waves(channels=2))
    window.choice.choose("gaussian:0.5")
    assert not controller.exporter.has_bench("bench_scores")
    window.start()
    for kind in BENCH:
        content = window.content(kind)
        assert controller.exporter.has_bench(kind) and content is not None
        draw(kind, content, FigureStyle(dpi=40))
    window.close()
    assert not controller.exporter.has_bench("bench_sample")


class _Held:
    """Workers of which the test tells what they answer."""

    def submit(self, task: str, request: Any, **calls: Any) -> _Held:
        self.task, self.request, self.calls = task, request, calls
        self.stopped = False
        return self

    def cancel(self) -> None:
        self.stopped = True

    def drop(self) -> None:
        raise AssertionError("what was measured by then is thrown away")


def test_a_cancelled_bench_keeps_what_it_has(controller: Controller) -> None:
    controller.workspace.add_data(waves())
    lineup = Lineup(controller, controller)
    contest = Contest(controller, lineup, controller)
    held = _Held()
    contest._jobs = held  # type: ignore[assignment] - takes what the contest asks of jobs
    contest.start("gaussian:0.3", 0, [])
    assert contest.running and held.request.denoisers == ["savitzky-golay", "wavelet"]
    none = np.zeros((1, 0))
    row = Row("wavelet", "Wavelet", "wavelet:db4", "SURE", 3, False, none, none, none[0], None, 0.1)
    held.calls["on_progress"](0.5, "Wavelet", row, 12.0)
    assert contest.rows == [row] and contest.seconds_left == 12.0
    contest.cancel()
    assert held.stopped and contest.running
    assert contest.stopping
    bench = Bench("waves", "test", np.arange(1), "gaussian:0.3", 0, False, none, none, [row, row], {}, [], False)
    held.calls["on_result"](bench)
    assert not contest.running and contest.result is bench and lineup.tuned == {"wavelet": "wavelet:db4"}


# What cannot be


def test_without_a_truth_measures_are_blind_and_nobody_wins(open_bench: Open) -> None:
    window = open_bench(waves(paired=False))
    window.choice.choose(None)
    turn(window, RESIDUALS)
    assert window.residuals_page.caption.text().startswith("No clean sample is known")
    assert "clean" not in window.legend.keys
    window.start()
    turn(window, TABLE)
    model = window.table_page.model
    assert model.winner is None and {column.key.partition(":")[0] for column in model.columns} == {"blind", "seconds"}
    assert "blind measures" in window.table_page.caption.text()
    assert not window.extremes.best.isEnabled()
    turn(window, LEVELS)
    assert window._results[0].stage == "levels"


def test_empty_states_say_what_to_do(open_bench: Open, controller: Controller) -> None:
    window = open_bench(None)
    assert window.stages.stage == "data"
    controller.workspace.add_data(Dataset(values=np.zeros((6, 4, 4, 1), np.float32)))
    assert window.stages.stage == "layout"
    irregular = replace(waves(), times=np.cumsum(np.linspace(0.1, 1, 60)), sampling_rate=None)
    controller.workspace.add_data(irregular)
    assert window.stages.stage == "body"
    butterworth = window.lineup.entrant("butterworth")
    assert butterworth is not None and "evenly" in butterworth.obstacle
    window.lineup.choose_all(False)
    assert not window.foot.run.isEnabled() and window.foot.status.text() == "Tick the denoisers to compare"
