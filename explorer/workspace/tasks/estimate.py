"""Tell beforehand how large a model is and how long its training takes."""

from __future__ import annotations

from explorer.models.base import RECIPES
from explorer.models.neural import NeuralModel
from explorer.parameters import validate
from explorer.progress import Progress
from explorer.workspace.messages import Estimate, EstimateRun


def estimate(request: EstimateRun, progress: Progress) -> Estimate:
    """Return how many numbers a model learns, and about how long that takes here; see `EstimateRun`.

    Raises
    ------
    InputError
        If the recipe or a parameter does not exist or fit.
    """
    recipe = RECIPES.load(request.recipe)
    model = recipe(**validate(recipe, request.params, owner=f"the model '{request.recipe}'"))
    shape = request.data.sample_shape
    seconds = None
    if isinstance(model, NeuralModel):
        seconds = model.estimate_seconds(shape, len(request.data.indices("train")))
    return Estimate(model.size(shape), seconds)
