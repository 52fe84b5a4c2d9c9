"""The estimators that take tables keep to scikit-learn's rules."""

from __future__ import annotations

import warnings

import pytest

from explorer.models.base import RECIPES
from tests.models.conftest import made


@pytest.mark.parametrize("name", [name for name in RECIPES.names() if "profile" in RECIPES.load(name).layouts])
def test_check_estimator(name: str) -> None:
    from sklearn.exceptions import SkipTestWarning
    from sklearn.utils.estimator_checks import check_estimator

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        # To inherit would import scikit-learn, which takes longer than the start of the program.
        warnings.filterwarnings("ignore", message=".*does not inherit from `sklearn.base.BaseEstimator`")
        results = check_estimator(made(name))
    assert sum(result["status"] == "passed" for result in results) > 40
