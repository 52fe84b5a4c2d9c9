"""Latentscape: train autoencoders on time series, see the map of their codes, drag a point and watch it decode.

The library needs no window and no Qt::

    import explorer

    data = explorer.datasets.make("sines")
    model = explorer.LSTMAutoencoder(latent_dim=2, hidden=16).fit(data)
    codes = model.transform(data)
    curves = model.inverse_transform(codes[:5])
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.data import generated as datasets
    from explorer.data.dataset import Dataset
    from explorer.data.reader import load
    from explorer.errors import InputError
    from explorer.models.base import LatentModel
    from explorer.models.recipes.autoencoder import Autoencoder
    from explorer.models.recipes.auxiliary_autoencoder import AuxiliaryAutoencoder
    from explorer.models.recipes.composite_autoencoder import CompositeAutoencoder
    from explorer.models.recipes.conditional_vae import ConditionalVAE
    from explorer.models.recipes.contractive_autoencoder import ContractiveAutoencoder
    from explorer.models.recipes.convolutional_autoencoder import ConvolutionalAutoencoder
    from explorer.models.recipes.denoising_autoencoder import DenoisingAutoencoder
    from explorer.models.recipes.future_predictor import FuturePredictor
    from explorer.models.recipes.latent_ode import LatentOde
    from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
    from explorer.models.recipes.music_vae import MusicVAE
    from explorer.models.recipes.neural_ode import NeuralOde
    from explorer.models.recipes.ode_rnn import OdeRnn
    from explorer.models.recipes.pca import PCA
    from explorer.models.recipes.record_vae import RecordVAE
    from explorer.models.recipes.recurrent_autoencoder import RecurrentAutoencoder
    from explorer.models.recipes.recurrent_ensemble import RecurrentEnsemble
    from explorer.models.recipes.recurrent_vae import RecurrentVAE
    from explorer.models.recipes.segmentation_autoencoder import SegmentationAutoencoder
    from explorer.models.recipes.sentence_vae import SentenceVAE
    from explorer.models.recipes.sparse_autoencoder import SparseAutoencoder
    from explorer.models.recipes.time_gan import TimeGAN
    from explorer.models.recipes.transformer_autoencoder import TransformerAutoencoder
    from explorer.models.recipes.translator import Translator
    from explorer.models.recipes.vae import VAE
    from explorer.models.recipes.wavenet_autoencoder import WavenetAutoencoder

    __version__: str

# Loaded when first used: a program that wants one of them does not pay for the others.
_HOMES = {
    "Dataset": "explorer.data.dataset",
    "load": "explorer.data.reader",
    "InputError": "explorer.errors",
    "LatentModel": "explorer.models.base",
    "Autoencoder": "explorer.models.recipes.autoencoder",
    "DenoisingAutoencoder": "explorer.models.recipes.denoising_autoencoder",
    "LSTMAutoencoder": "explorer.models.recipes.lstm_autoencoder",
    "PCA": "explorer.models.recipes.pca",
    "TimeGAN": "explorer.models.recipes.time_gan",
    "RecordVAE": "explorer.models.recipes.record_vae",
    "OdeRnn": "explorer.models.recipes.ode_rnn",
    "NeuralOde": "explorer.models.recipes.neural_ode",
    "MusicVAE": "explorer.models.recipes.music_vae",
    "LatentOde": "explorer.models.recipes.latent_ode",
    "CompositeAutoencoder": "explorer.models.recipes.composite_autoencoder",
    "FuturePredictor": "explorer.models.recipes.future_predictor",
    "RecurrentAutoencoder": "explorer.models.recipes.recurrent_autoencoder",
    "AuxiliaryAutoencoder": "explorer.models.recipes.auxiliary_autoencoder",
    "ConditionalVAE": "explorer.models.recipes.conditional_vae",
    "ContractiveAutoencoder": "explorer.models.recipes.contractive_autoencoder",
    "ConvolutionalAutoencoder": "explorer.models.recipes.convolutional_autoencoder",
    "RecurrentEnsemble": "explorer.models.recipes.recurrent_ensemble",
    "RecurrentVAE": "explorer.models.recipes.recurrent_vae",
    "SegmentationAutoencoder": "explorer.models.recipes.segmentation_autoencoder",
    "SentenceVAE": "explorer.models.recipes.sentence_vae",
    "Translator": "explorer.models.recipes.translator",
    "SparseAutoencoder": "explorer.models.recipes.sparse_autoencoder",
    "TransformerAutoencoder": "explorer.models.recipes.transformer_autoencoder",
    "WavenetAutoencoder": "explorer.models.recipes.wavenet_autoencoder",
    "VAE": "explorer.models.recipes.vae",
}

__all__ = [
    "PCA",
    "VAE",
    "Autoencoder",
    "AuxiliaryAutoencoder",
    "CompositeAutoencoder",
    "ConditionalVAE",
    "ContractiveAutoencoder",
    "ConvolutionalAutoencoder",
    "Dataset",
    "DenoisingAutoencoder",
    "FuturePredictor",
    "InputError",
    "LSTMAutoencoder",
    "LatentModel",
    "LatentOde",
    "MusicVAE",
    "NeuralOde",
    "OdeRnn",
    "RecordVAE",
    "RecurrentAutoencoder",
    "RecurrentEnsemble",
    "RecurrentVAE",
    "SegmentationAutoencoder",
    "SentenceVAE",
    "SparseAutoencoder",
    "TimeGAN",
    "TransformerAutoencoder",
    "Translator",
    "WavenetAutoencoder",
    "datasets",
    "load",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("latentscape")
    if name == "datasets":
        return importlib.import_module("explorer.data.generated")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'explorer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
