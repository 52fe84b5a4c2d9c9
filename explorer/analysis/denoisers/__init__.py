"""Classical denoisers, a file each; see `explorer.analysis.denoiser`."""
