"""Write a bench as a report."""

from __future__ import annotations

from explorer.progress import Part, Progress
from explorer.workspace.messages import WriteReport


def write_report(request: WriteReport, progress: Progress) -> str:
    """Write the report and return its path; see `WriteReport`.

    Raises
    ------
    InputError
        If the file cannot be written, or its name ends otherwise than in .html or .pdf.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis import report
    from explorer.workspace.bench_report import bench_report

    report.check_suffix(request.path)
    made = bench_report(request, Part(progress, 0.0, 0.3))
    return str(report.write(made, request.path, Part(progress, 0.3, 0.7)))
