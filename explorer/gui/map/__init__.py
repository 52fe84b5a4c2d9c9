"""The map of the codes, and the handle that one drags across it."""
