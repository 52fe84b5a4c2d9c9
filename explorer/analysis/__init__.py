"""Pure functions on arrays: metrics, neighbours, classical denoisers, figures."""
