"""Data sets: what one is, how files become one, generated sets, corruptions, splits and scaling."""
