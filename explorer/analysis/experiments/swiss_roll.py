"""The Swiss roll under PCA, under an autoencoder and under Isomap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.pca import PCA
from explorer.progress import Progress

NEIGHBOURS = 10


@dataclass(kw_only=True, eq=False, repr=False)
class SwissRollMaps(Experiment):
    """Two numbers of PCA lose a side of a rolled-up sheet; an autoencoder's keep both, if not along straight axes.

    2000 points of a Swiss roll; all figures are of its test part. |ρ| is the correlation of the first code with the
    roll parameter: .2 for PCA, 1 for Isomap, which unrolls the sheet. The autoencoder's codes are bent as they please,
    so |ρ| says little of them; what they know is told by 5 nearest neighbours on the map: R² of the roll parameter and
    of the height, predicted from the training points (R² of the worse of the two is what counts), and by the error of
    the reconstruction.
    """

    title: ClassVar[str] = "Swiss roll: PCA, autoencoder, Isomap"
    minutes: ClassVar[float] = 0.5
    targets: ClassVar[tuple[Target, ...]] = (
        Target("worse_r2", ">=", 0.9),
        Target("mse_over_pca", "<=", 0.2),
        Target("pca_abs_rho", "<=", 0.3),
        Target("isomap_abs_rho", ">=", 0.95),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Map the roll in three ways."""
        from sklearn.manifold import Isomap

        data = make("swiss-roll", seed=seed)
        network = Autoencoder(
            latent_dim=2, hidden=(256, 128, 64), epochs=300, learning_rate=2e-3, patience=0, seed=seed
        ).fit(data, progress=progress)
        pca = PCA(latent_dim=2).fit(data)
        isomap = Isomap(n_components=2, n_neighbors=NEIGHBOURS).fit(data.part("train").values)
        test = data.part("test")
        errors = [-model.score(test) for model in (network, pca)]
        found = _map_figures(network.transform(data), data)
        straight = _map_figures(pca.transform(data), data)
        unrolled = _map_figures(isomap.transform(data.values), data)
        values = {**found, "mse": errors[0], "mse_over_pca": errors[0] / errors[1]}
        values |= {"pca_abs_rho": straight["abs_rho"], "isomap_abs_rho": unrolled["abs_rho"]}
        baselines = {f"pca_{name}": value for name, value in straight.items()}
        baselines |= {f"isomap_{name}": value for name, value in unrolled.items()}
        return Measured(values, {**baselines, "pca_mse": errors[1]})


def _map_figures(codes: np.ndarray, data: Dataset) -> dict[str, float]:
    """Return what a map of all points tells of the sheet, on its test part."""
    from sklearn.neighbors import KNeighborsRegressor

    train, test = data.indices("train"), data.indices("test")
    sheet = np.stack([data.columns["roll parameter"], data.columns["height"]], axis=1)
    guess = KNeighborsRegressor(5).fit(codes[train], sheet[train]).predict(codes[test])
    r2 = 1 - np.mean((guess - sheet[test]) ** 2, axis=0) / sheet[test].var(axis=0)
    return {
        "abs_rho": float(abs(np.corrcoef(codes[test, 0], sheet[test, 0])[0, 1])),
        "roll_r2": float(r2[0]),
        "height_r2": float(r2[1]),
        "worse_r2": float(r2.min()),
    }
