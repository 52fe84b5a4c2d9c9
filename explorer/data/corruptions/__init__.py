"""Corruptions: a file here is a corruption, found by its name. See `explorer.data.corruption.Corruption`."""
