"""Estimators: fit, transform, inverse_transform."""
