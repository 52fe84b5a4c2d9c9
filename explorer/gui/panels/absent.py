"""Why a panel has nothing to show."""

from __future__ import annotations

from explorer.data.dataset import Dataset, why_no_numbers
from explorer.errors import InputError
from explorer.models.base import RECIPES, LatentModel
from explorer.workspace.run import Run
from explorer.workspace.workspace import Workspace


def why_no_data(workspace: Workspace) -> str:
    """Return a sentence for the empty state of a panel that wants data."""
    if workspace.missing is not None:
        return str(workspace.missing)
    if workspace.pending_data is not None:
        return "The data are being read."
    return "Open a file, drop one on the window, or take a built-in set."


def recipe_of(run: Run | None) -> type[LatentModel] | None:
    """Return the recipe of a run; None where there is no run, or a recipe that no longer loads.

    Of one that does not load a person is told where the model is used.
    """
    try:
        return None if run is None else RECIPES.load(run.recipe)
    except InputError:
        return None


def why_no_decoding(run: Run | None) -> str:
    """Return why nothing can be decoded from a run's map, as a sentence; empty where it can."""
    recipe = recipe_of(run)
    if recipe is None or recipe.can_decode:
        return ""
    return "It has no decoder that starts from one code, by design: its map can be seen, but not decoded from."


def why_no_denoising(run: Run | None, data: Dataset | None = None) -> str:
    """Return why a run's model cannot denoise such data, as a sentence; empty where it can."""
    if data is not None and (why := why_no_numbers(data.layout)):
        return why
    recipe = recipe_of(run)
    if recipe is None:
        return ""
    if recipe.decodes == "masks":
        return "It tells the class of every step or pixel. See Segments in the Analysis dock."
    if recipe.decodes == "future":
        return "It says what comes after a sample, not what the sample is. See Forecast in the Analysis dock."
    return "" if recipe.can_decode else "It has no decoder, by design, and so makes no samples."
