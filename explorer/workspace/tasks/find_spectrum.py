"""Take the principal components of data."""

from __future__ import annotations

from explorer.progress import Progress
from explorer.workspace.messages import FindSpectrum, Spectrum


def find_spectrum(request: FindSpectrum, progress: Progress) -> Spectrum:
    """Return eigenvalues and components of data; see `FindSpectrum`.

    Raises
    ------
    InputError
        If there is nothing to learn from.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.spectrum import spectrum

    found = spectrum(request.data, request.count, progress)
    return Spectrum(
        variances=found.variances,
        ratios=found.ratios,
        total=found.total,
        mean=found.mean,
        components=found.components,
        n_samples=found.n_samples,
    )
