"""The denoising bench: networks and classical filters side by side, on one sample and on the whole test part."""
