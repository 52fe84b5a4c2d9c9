"""Tell beforehand how large a model is and how long its training takes."""

from __future__ import annotations

from explorer.models.base import RECIPES
from explorer.models.neural import NeuralModel
from explorer.models.spec import SampleSpec
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
    spec = SampleSpec.of(request.data)
    if not isinstance(model, NeuralModel):
        return Estimate(model.size(spec), None)
    seconds = model.estimate_seconds(spec, len(request.data.indices("train")))
    return Estimate(model.size(spec), seconds, model.warnings(spec))
