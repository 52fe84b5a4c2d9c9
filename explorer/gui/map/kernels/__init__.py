"""What touches every point of a large map, compiled. Loads numba: imported only once a map is that large."""
