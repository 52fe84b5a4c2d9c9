"""The pages of the Analysis dock: each asks one question of the active run and its data."""
