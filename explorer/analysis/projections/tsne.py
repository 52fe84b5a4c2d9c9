"""t-distributed stochastic neighbour embedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.parameters import Param
from explorer.progress import Progress, check

GATHERING = 250
"""Steps in which the attraction is exaggerated."""
EXAGGERATION = 12.0
EVERY = 10
"""Steps between two looks at whether to stop."""
FFT_FROM = 3000
"""From so many codes on in two dimensions the interpolated gradient is faster than the tree's."""


@dataclass(kw_only=True, eq=False, repr=False)
class TSNE:
    """Codes that are neighbours stay neighbours; distances between groups mean little.

    van der Maaten and Hinton (2008), by openTSNE (Poličar, Stražar and Zupan 2019), from the principal components on,
    which keeps what there is of global order (Kobak and Berens 2019).
    """

    title: ClassVar[str] = "t-SNE"

    perplexity: Annotated[
        float, Param("About how many neighbours each code keeps; never more than a third of all.", ge=1, le=500)
    ] = 30.0
    iterations: Annotated[int, Param("Steps of the optimisation.", ge=250, le=20_000, advanced=True)] = 750
    most: Annotated[
        int,
        Param("Codes that are laid out; over this some are drawn and the others placed by them.", ge=50, advanced=True),
    ] = 5000

    def lay_out(self, codes: np.ndarray, start: np.ndarray, seed: int, progress: Progress) -> np.ndarray:
        """Return coordinates ``(N, dims)`` of codes ``(N, L)``, of at least five, begun at `start`."""
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PerplexityBasedNN
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        self.perplexity = min(self.perplexity, (len(codes) - 1) / 3)
        progress.report(0.0, "nearest neighbours")
        count = min(len(codes) - 1, max(1, int(3 * self.perplexity)))
        index = PrecomputedNeighbors(*nearest(codes, count, progress=progress))
        perplexity: Any = self.perplexity  # any number will do, though its default is a whole one
        affinities = PerplexityBasedNN(perplexity=perplexity, knn_index=index, n_jobs=1)
        # So small that the attraction decides; a little noise parts codes that are the same.
        spread = start[:, 0].std() or 1.0
        rng = np.random.default_rng(seed)
        begun = start / spread * 1e-4 + rng.normal(scale=1e-6, size=start.shape)
        done = 0

        def told(step: int, error: float, embedding: Any) -> bool:
            check(progress)
            progress.report((done + step) / self.iterations, "t-SNE")
            return False

        fast = start.shape[1] == 2 and len(codes) >= FFT_FROM
        embedding = TSNEEmbedding(
            begun, affinities, negative_gradient_method="fft" if fast else "bh", n_jobs=1, random_state=seed,
            callbacks=told, callbacks_every_iters=EVERY,
        )  # fmt: skip
        gathering = min(GATHERING, self.iterations // 3)
        embedding.optimize(gathering, exaggeration=EXAGGERATION, momentum=0.8, inplace=True)
        done = gathering
        embedding.optimize(self.iterations - gathering, momentum=0.8, inplace=True)
        return np.asarray(embedding, np.float64)
