"""Cut-down runs of the experiments on generated data."""

from __future__ import annotations

from explorer.analysis.experiments.ehr_generation import KEPT, EhrGeneration
from explorer.analysis.experiments.time_gan import TimeGan
from explorer.progress import Silent
from tests.models.test_record_vae import stays


def test_time_gan_s_controls_are_judged_as_they_should() -> None:
    experiment = TimeGan(n=150, epochs=3, steps=30)
    found = experiment.measure(0, Silent())
    assert {target.measure for target in experiment.targets} <= set(found.values)
    assert found.baselines["repeated_coverage"] < 0.1 < 0.8 < found.baselines["real_coverage"]
    assert found.baselines["real_closer_to_train"] > 0.9


def test_records_are_judged_beside_controls() -> None:
    experiment = EhrGeneration(epochs=2, steps=10)
    found = experiment.judge(stays(300), 0, Silent())
    assert {target.measure for target in experiment.targets} <= set(found.values)
    assert {f"bootstrap_{name}" for name in KEPT} <= set(found.baselines)
    assert found.baselines["real_coverage"] > found.baselines["gaussian_coverage"]
    assert found.baselines["real_tstr_auroc"] > 0.9
