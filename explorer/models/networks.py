"""The kinds of networks that a recipe may be built over."""

from __future__ import annotations

from typing import Annotated, Literal

from explorer.errors import InputError
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

Network = Annotated[
    Literal["auto", "dense", "recurrent", "convolutional", "wavenet", "transformer"],
    Param("Layers of encoder and decoder; auto: what suits the data, recurrent for series, convolutional for images."),
]
"""The parameter that recipes declare as ``network: Network = "auto"``."""
Hidden = Annotated[
    tuple[int, ...] | None,
    Param("Width of each layer of the encoder, which the decoder mirrors; none: as is usual.", ge=1, le=65536),
]
"""The parameter that recipes declare as ``hidden: Hidden = None``."""
Activation = Annotated[
    Literal["relu", "elu", "gelu", "silu", "tanh", "sigmoid", "linear"],
    Param("What follows each layer; linear: nothing.", advanced=True),
]
"""The parameter that recipes declare as ``activation: Activation = "elu"``."""
AXES: dict[str, tuple[int, ...]] = {
    "dense": (1, 2, 3),
    "recurrent": (2,),
    "convolutional": (2, 3),
    "wavenet": (2,),
    "transformer": (2,),
}
"""Of how many axes the samples are that each kind takes: 1 vectors, 2 series, 3 images."""
SUITED = {1: "dense", 2: "recurrent", 3: "convolutional"}
"""The kind that "auto" means, by the number of axes of a sample."""


def network_for(network: str, spec: SampleSpec) -> str:
    """Return the kind of network to use on samples of a spec.

    Raises
    ------
    InputError
        If it does not take such samples.
    """
    axes = len(spec.shape)
    if network == "auto":
        return SUITED[axes]
    if axes not in AXES[network]:
        what = {1: "vectors", 2: "series", 3: "images"}
        takes = " and ".join(what[each] for each in AXES[network])
        raise InputError(
            f"a {network} network takes {takes}, not {what[axes]} of shape {spec.shape}",
            remedy="Choose another network, or auto",
        )
    return network
