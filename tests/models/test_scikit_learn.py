"""The estimators that take tables keep to scikit-learn's rules, and work where its own do."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.models.base import RECIPES
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
from explorer.models.recipes.pca import PCA
from tests.models.conftest import fit, made, samples
from tests.models.tokens import OF_TOKENS, token_data

TABULAR = [name for name in RECIPES.names() if "profile" in RECIPES.load(name).layouts and not RECIPES.load(name).needs]


@pytest.mark.parametrize("name", TABULAR)
def test_check_estimator(name: str) -> None:
    from sklearn.exceptions import SkipTestWarning
    from sklearn.utils.estimator_checks import check_estimator

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        # To inherit would import scikit-learn, which takes longer than the start of the program.
        warnings.filterwarnings("ignore", message=".*does not inherit from `sklearn.base.BaseEstimator`")
        results = check_estimator(made(name))
    assert sum(result["status"] == "passed" for result in results) > 40


@pytest.mark.parametrize("name", RECIPES.names())
def test_clones_have_the_same_parameters_and_know_nothing(name: str) -> None:
    from sklearn.base import clone

    unfitted = made(name, latent_dim=3)
    model = unfitted.fit(token_data(name)) if name in OF_TOKENS else fit(unfitted, samples(name))
    copy = clone(model)
    assert type(copy) is type(model) and copy.get_params() == model.get_params()
    assert not copy.__sklearn_is_fitted__()


@pytest.mark.parametrize("name", TABULAR)
def test_in_a_pipeline(name: str) -> None:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X = samples(name)
    pipeline = make_pipeline(StandardScaler(), made(name)).fit(X)
    codes = pipeline.transform(X)
    names = list(pipeline.get_feature_names_out())
    assert names == [f"{type(pipeline[-1]).__name__.lower()}{i}" for i in range(codes.shape[1])]
    assert pipeline.inverse_transform(codes).shape == X.shape
    assert pipeline.score(X) == pytest.approx(pipeline[-1].score(pipeline[0].transform(X)))


@pytest.mark.parametrize("name", ["pca", "lstm-autoencoder"])
def test_a_search_finds_the_wider_code(name: str) -> None:
    from sklearn.model_selection import GridSearchCV

    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 12)).astype(np.float32)
    X = X if name == "pca" else X[:, :, None]
    search = GridSearchCV(made(name), {"latent_dim": [1, 4]}, cv=2, error_score="raise").fit(X)
    if name == "pca":  # white noise: each further component takes its share of the error
        assert search.best_params_ == {"latent_dim": 4}
    assert search.best_estimator_.transform(X).shape == (60, search.best_params_["latent_dim"])


@pytest.mark.parametrize("name", TABULAR)
def test_data_frames_keep_their_columns_names(name: str) -> None:
    import pandas as pd

    X = samples(name)[:, :4]
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = made(name).fit(frame)
    assert list(model.feature_names_in_) == list("abcd")
    np.testing.assert_array_equal(model.transform(frame), made(name).fit(X).transform(X))
    with pytest.raises(ValueError, match="feature names should match"):
        model.transform(frame[list("dcba")])
    again = type(model).from_bytes(model.to_bytes())
    with pytest.raises(ValueError, match="feature names should match"):
        again.transform(frame[list("dcba")])


def test_the_score_is_the_error_in_the_datas_own_units() -> None:
    X = samples("pca", n=60)
    model = PCA(latent_dim=1).fit(X)
    mean_squared = np.mean((model.reconstruct(X) - X) ** 2)
    assert model.score(X) == pytest.approx(-mean_squared, rel=1e-5)
    assert model.score(X) < PCA(latent_dim=2).fit(X).score(X) < 0


def test_the_score_asks_for_the_clean_targets_and_skips_what_is_missing() -> None:
    clean = samples("pca", n=60)
    noisy = clean + np.random.default_rng(1).standard_normal(clean.shape).astype(np.float32)
    model = PCA(latent_dim=2).fit(noisy)
    judged = model.score(Dataset(values=noisy, targets=clean))
    assert judged == pytest.approx(-np.mean((model.reconstruct(noisy) - clean) ** 2), rel=1e-5)

    gaps = noisy.copy()
    gaps[3, 4] = np.nan
    neural = Autoencoder(epochs=2).fit(gaps)
    known = np.isfinite(gaps)
    assert neural.score(gaps) == pytest.approx(-np.mean((neural.reconstruct(gaps) - noisy)[known] ** 2), rel=1e-5)


def test_series_are_scored_and_named_too() -> None:
    X = samples("lstm-autoencoder")
    model = LSTMAutoencoder(epochs=2, latent_dim=2).fit(X)
    assert model.score(X) == pytest.approx(-np.mean((model.reconstruct(X) - X) ** 2), rel=1e-5)
    assert list(model.get_feature_names_out()) == ["lstmautoencoder0", "lstmautoencoder1"]
