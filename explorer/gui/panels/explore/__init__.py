"""The Explore dock: ways through the codes of the active run, and what the model makes of them."""
