"""Recipes: a file here is a model, found by its name. See `explorer.models.base.LatentModel`."""
