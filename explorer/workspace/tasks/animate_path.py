"""Write what the codes of a path decode to as an animation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from explorer.progress import Part, Progress
from explorer.workspace.messages import AnimatePath, DecodeCodes, DecodedCodes
from explorer.workspace.tasks.decode_codes import decode_codes


def animate_path(request: AnimatePath, progress: Progress) -> str:
    """Draw what each code decodes to and write it, and return the path; see `AnimatePath`.

    Raises
    ------
    InputError
        If the run is gone, or the file cannot be written.
    UnsupportedError
        If the model has no decoder.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis import animation

    animation.check_name(request.path)
    decoded = decode_codes(DecodeCodes(request.model, request.codes), Part(progress, 0.0, 0.2))
    pictures = animation.figures("path", _contents(request, decoded), request.style)
    rest = Part(progress, 0.2, 0.8)
    return str(animation.write(request.path, pictures, len(request.codes), rate=request.rate, progress=rest))


def _contents(request: AnimatePath, decoded: DecodedCodes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from explorer.workspace.contents import path_content

    count = len(request.codes)
    for step in range(count):
        one = DecodedCodes(
            decoded.model, decoded.codes[step : step + 1], decoded.samples[step : step + 1],
            decoded.texts[step : step + 1], decoded.nearest[step : step + 1], decoded.distances[step : step + 1],
            decoded.near[step : step + 1], decoded.radius, decoded.times,
        )  # fmt: skip
        share = round(100 * step / max(1, count - 1))
        title = f"{share} % of the way, {int(decoded.near[step])} samples near"
        yield title, path_content(request.data, one, [""], "", counted=False)
