"""Experiments add up their seeds rightly, and judge by their targets alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from explorer.analysis.experiment import EXPERIMENTS, Experiment, Measured, Outcome, Spread, Target
from explorer.errors import Cancelled, InputError
from explorer.progress import Progress


@dataclass(kw_only=True, eq=False, repr=False)
class Toy(Experiment):
    """Twice the seed, beside once the seed."""

    title: ClassVar[str] = "Toy"
    seeds: ClassVar[tuple[int, ...]] = (1, 2, 6)
    targets: ClassVar[tuple[Target, ...]] = (Target("twice", ">=", 6.0),)

    def measure(self, seed: int, progress: Progress) -> Measured:
        progress.report(0.5, "half")
        return Measured({"twice": 2.0 * seed, "endless": math.inf}, {"once": seed})


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(EXPERIMENTS.__dict__, "_modules", {**EXPERIMENTS._modules, "toy": __name__})
    yield


def test_every_experiment_describes_itself() -> None:
    loaded, failed = EXPERIMENTS.load_all()
    assert not failed
    for name, cls in loaded.items():
        assert cls.title and cls.seeds and 0 < cls.minutes <= 10, name
        first = (cls.__doc__ or "").splitlines()[0]
        assert first.endswith("."), name
        assert cls.targets, name


def test_a_target_is_judged_by_the_mean() -> None:
    outcome = Toy().run()
    assert outcome.measured["twice"].values == (2.0, 4.0, 12.0) and outcome.measured["twice"].mean == 6.0
    assert outcome.measured["twice"].sd == pytest.approx(5.2915, abs=1e-4)
    assert outcome.reached and outcome.seeds == (1, 2, 6) and outcome.seconds >= 0
    assert not Toy().run([1, 2]).reached
    facts = outcome.to_json()
    assert facts["target"] == {"twice": {">=": 6.0}} and facts["baselines"]["once"]["mean"] == 3.0
    assert facts["name"] == "toy" and facts["measured"]["endless"]["mean"] is None
    assert list(facts) == ["name", "reached", "target", "measured", "baselines", "seeds", "seconds"]


def test_what_is_no_number_is_never_reached() -> None:
    for relation in ("<=", ">="):
        outcome = Outcome("toy", (Target("x", relation, 0.0),), {"x": Spread((math.nan,))}, {}, (0,), 0.0)
        assert not outcome.reached


def test_progress_runs_through_all_seeds_and_stops_when_told() -> None:
    class Watch:
        told: ClassVar[list[tuple[float, str]]] = []
        stop_at = 2.0

        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            self.told.append((round(fraction, 3), message))

        def cancelled(self) -> bool:
            return bool(self.told) and self.told[-1][0] >= self.stop_at

    Toy().run(progress=Watch())
    assert (0.167, "seed 1: half") in Watch.told and (0.667, "seed 6") in Watch.told
    Watch.stop_at, Watch.told[:] = 0.4, []
    with pytest.raises(Cancelled):
        Toy().run(progress=Watch())
    with pytest.raises(InputError, match="needs a seed"):
        Toy().run([])


def test_the_command_prints_one_object_and_tells_a_miss_by_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from explorer.__main__ import main

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(["reproduce", *arguments])
        return status, *capsys.readouterr()

    status, out, _ = call("toy", "--json")
    assert status == 0 and json.loads(out)["reached"] is True
    status, out, _ = call("toy", "--json", "--seeds", "1,2")
    assert status == 3 and json.loads(out)["seeds"] == [1, 2] and json.loads(out)["reached"] is False
    status, out, _ = call("toy")
    assert "toy: reached (3 seeds" in out and "to reach: >= 6" in out and "beside it" in out
    status, out, _ = call("--list", "--json")
    (listed,) = [each for each in json.loads(out)["experiments"] if each["name"] == "toy"]
    assert status == 0 and listed["shows"] == "Twice the seed, beside once the seed." and listed["minutes"] > 0
    for wrong in (["none"], [], ["toy", "--seeds", "x"], ["toy", "--data", "/no/such/folder"]):
        status, out, err = call(*wrong)
        assert status == 2 and out == "" and err.count("\n") == 1


def test_data_from_outside_are_found_or_told(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.data import outside
    from explorer.errors import MissingDataError

    monkeypatch.setattr(outside, "_CHOSEN", [])
    with pytest.raises(MissingDataError, match=r"nab.*LATENTSCAPE_DATA"):
        outside.find_data("nab/no such file")
    (tmp_path / "nab").mkdir()
    (tmp_path / "nab" / "no such file").touch()
    monkeypatch.setenv("LATENTSCAPE_DATA", str(tmp_path))
    assert outside.find_data("nab/no such file") == tmp_path / "nab" / "no such file"
    monkeypatch.delenv("LATENTSCAPE_DATA")
    outside.look_in(tmp_path)
    assert outside.find_data("nab/no such file").is_file()
    with pytest.raises(InputError, match="latentscape\\[reproduce\\]"):
        outside.package_folder("no_such_package")
    assert (outside.package_folder("numpy") / "__init__.py").is_file()
