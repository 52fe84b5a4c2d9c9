"""What goes to a worker and what comes back: frozen, and made of plain values, arrays and data sets only."""

from explorer.workspace.messages.analysis import (
    ClusterMethod,
    Clusters,
    Compared,
    CompareRuns,
    Features,
    FindClusters,
    FindSpectrum,
    LabelCurve,
    Outliers,
    PretrainCurve,
    Probe,
    ProbeCodes,
    Probed,
    ProbeRow,
    ProjectCodes,
    Projected,
    ProjectionMethod,
    RankOutliers,
    Spectrum,
)
from explorer.workspace.messages.bench import RunBench
from explorer.workspace.messages.data import LoadData, PreviewData, RelocateData
from explorer.workspace.messages.explore import DrawLattice, Lattice, ThumbnailLook
from explorer.workspace.messages.exports import AnimateTraining, ExportArrays, ExportFigure
from explorer.workspace.messages.model import ModelRef
from explorer.workspace.messages.recordings import DenoisedRecording, DenoiseRecording
from explorer.workspace.messages.reports import WriteReport
from explorer.workspace.messages.samples import (
    Decode,
    Decoded,
    Denoise,
    Denoised,
    Estimated,
    Forecast,
    ForecastSample,
    Segmented,
    SegmentSample,
)
from explorer.workspace.messages.sets import ExportSet
from explorer.workspace.messages.training import EpochUpdate, Estimate, EstimateRun, TrainOutcome, TrainRun

__all__ = [
    "AnimateTraining",
    "ClusterMethod",
    "Clusters",
    "CompareRuns",
    "Compared",
    "Decode",
    "Decoded",
    "Denoise",
    "DenoiseRecording",
    "Denoised",
    "DenoisedRecording",
    "DrawLattice",
    "EpochUpdate",
    "Estimate",
    "EstimateRun",
    "Estimated",
    "ExportArrays",
    "ExportFigure",
    "ExportSet",
    "Features",
    "FindClusters",
    "FindSpectrum",
    "Forecast",
    "ForecastSample",
    "LabelCurve",
    "Lattice",
    "LoadData",
    "ModelRef",
    "Outliers",
    "PretrainCurve",
    "PreviewData",
    "Probe",
    "ProbeCodes",
    "ProbeRow",
    "Probed",
    "ProjectCodes",
    "Projected",
    "ProjectionMethod",
    "RankOutliers",
    "RelocateData",
    "RunBench",
    "SegmentSample",
    "Segmented",
    "Spectrum",
    "ThumbnailLook",
    "TrainOutcome",
    "TrainRun",
    "WriteReport",
]
