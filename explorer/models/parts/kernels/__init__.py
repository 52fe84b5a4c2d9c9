"""Compiled loops for networks so small that torch spends its time between the operations."""
