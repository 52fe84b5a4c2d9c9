"""Codes of any width in two or three dimensions: PCA, t-SNE, UMAP.

Only PCA is a map of the code space: t-SNE and UMAP give every code a place and nothing in between, so that new codes
can but be placed by their neighbours.
"""

from explorer.analysis.projections.base import METHODS, Projection, project

__all__ = ["METHODS", "Projection", "project"]
