"""The intensive-care stays of the PhysioNet / Computing in Cardiology Challenge 2012."""

from __future__ import annotations

import csv
import lzma
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.reader import Preview, Reader
from explorer.data.readers._describe import describe
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress, Silent, check

UNITS = {
    "Albumin": "g/dL", "ALP": "IU/L", "ALT": "IU/L", "AST": "IU/L", "Bilirubin": "mg/dL", "BUN": "mg/dL",
    "Cholesterol": "mg/dL", "Creatinine": "mg/dL", "DiasABP": "mmHg", "FiO2": "fraction", "GCS": "3 to 15",
    "Glucose": "mg/dL", "HCO3": "mmol/L", "HCT": "%", "HR": "1/min", "K": "mEq/L", "Lactate": "mmol/L", "MAP": "mmHg",
    "MechVent": "0 or 1", "Mg": "mmol/L", "Na": "mEq/L", "NIDiasABP": "mmHg", "NIMAP": "mmHg", "NISysABP": "mmHg",
    "PaCO2": "mmHg", "PaO2": "mmHg", "pH": "0 to 14", "Platelets": "1/nL", "RespRate": "1/min", "SaO2": "%",
    "SysABP": "mmHg", "Temp": "°C", "TroponinI": "μg/L", "TroponinT": "μg/L", "Urine": "mL", "WBC": "1/nL",
    "Weight": "kg",
}  # fmt: skip
"""What is measured over time, and in which unit."""
_VARIABLES = {name: i for i, name in enumerate(UNITS)}
_SUMMED = [_VARIABLES["Urine"]]
_DESCRIPTORS = ("RecordID", "Age", "Gender", "Height", "ICUType")
_UNKNOWN = {"Height", "Weight", "Gender"}
"""For these -1 means that it was not recorded."""
_POSSIBLE = {"Temp": (15.0, 50.0), "pH": (6.0, 8.5), "Weight": (1.0, 500.0)}
"""Beyond these a value is a mistake in writing (735 for 7.35, or 0 °F), and is left out."""
_HOURS = 48
_MEMBER = re.compile(r"(?:.*/)?(\d+)\.txt")
_MOST_MEMBERS, _MOST_BYTES, _MOST_TOTAL = 100_000, 1 << 21, 1 << 29
"""More is no stay of two days, but an archive made to fill the memory."""
_PREVIEW = 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    UnicodeDecodeError,
    OSError,
)
_CUT_OFF = "Copy or download the file again; it may be cut off"


@dataclass
class _Stay:
    """What one file tells: sums and counts of the values in each bin ``(bins, variables)``, and the descriptors."""

    sums: np.ndarray
    counts: np.ndarray
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False, repr=False)
class Physionet2012(Reader):
    """Stays in intensive care, 48 hours of up to 37 irregular measurements each (PhysioNet Challenge 2012).

    Choose set-a.zip. A step is an hour: the mean of its measurements, of urine the sum; what was not measured is
    missing, and so is what was noted as -1 or cannot be (temperature, pH). Whether the patient died in hospital is the
    label, where Outcomes-a.txt lies beside the archive. Stays without any measurement are left out.
    """

    title: ClassVar[str] = "PhysioNet Challenge 2012 (ZIP)"
    extensions: ClassVar[tuple[str, ...]] = (".zip",)

    step: Annotated[float | None, Param("Length of a time step; auto is one hour.", ge=0.25, le=24, unit="h")] = None

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether it is an archive of stays."""
        try:
            with zipfile.ZipFile(path) as archive:
                return any(_MEMBER.fullmatch(name) for name in archive.namelist())
        except _DAMAGE:
            return False

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Read all stays; see `Reader.read`."""
        return self._read(path, progress, most=None)[0]

    def preview(self, path: Path) -> Preview:
        """Read the first stays; see `Reader.preview`."""
        dataset, count, text = self._read(path, Silent(), most=_PREVIEW)
        head = [tuple(line.split(",")) for line in text.splitlines()[: _PREVIEW + 1]]
        summary = describe(dataset, whole=count <= _PREVIEW, times=1.0).split(" × ", 1)
        return Preview(
            options={"step": self.step or 1.0},
            header=head[0],
            rows=tuple(row for row in head[1:] if len(row) == len(head[0])),
            summary=" × ".join([f"{count:,} samples", *summary[1:]]),
        )

    def _read(self, path: Path, progress: Progress, *, most: int | None) -> tuple[Dataset, int, str]:
        """Return the stays, or the first of them; how many there are; and the text of the first."""
        step = self.step or 1.0
        stays: list[_Stay] = []
        first = ""
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(path, archive)
                for number, member in enumerate(members[:most]):
                    if number % 50 == 0:
                        check(progress)
                        progress.report(number / len(members), "Reading stays")
                    place = member.filename
                    text = archive.read(member).decode("utf-8", errors="replace")
                    first = first or text
                    stays.append(_parse(text, step, path, place))
        except _DAMAGE as reason:
            raise InputError("this is not a ZIP archive, or it is damaged", source=path, remedy=_CUT_OFF) from reason
        stays = [stay for stay in stays if stay.counts.any()]
        if not stays:
            raise InputError("there is no measurement in these stays", source=path, remedy=_CUT_OFF)
        return _dataset(path, stays, step), len(members), first


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of the stays, in the order of their numbers.

    Raises
    ------
    InputError
        If there are none, or they are larger unpacked than stays can be.
    """
    found = [(int(match[1]), info) for info in archive.infolist() if (match := _MEMBER.fullmatch(info.filename))]
    if not found:
        raise InputError(
            "there are no stays of the PhysioNet Challenge 2012 in it",
            source=path,
            remedy="Choose its set-a.zip; unpack other archives first",
        )
    sizes = [info.file_size for _, info in found]
    if len(found) > _MOST_MEMBERS or max(sizes) > _MOST_BYTES or sum(sizes) > _MOST_TOTAL:
        raise InputError(
            f"unpacked it would be {sum(sizes) / 1e6:,.0f} MB in {len(found):,} files, which are no stays",
            source=path,
            remedy="Choose the challenge's own set-a.zip",
        )
    return [info for _, info in sorted(found, key=lambda pair: pair[0])]


def _parse(text: str, step: float, path: Path, place: str) -> _Stay:
    """Return one stay of lines ``Time,Parameter,Value``."""
    bins = math.ceil(_HOURS / step)
    stay = _Stay(np.zeros((bins, len(UNITS)), dtype=np.float64), np.zeros((bins, len(UNITS)), dtype=np.int64))
    sums, counts = stay.sums, stay.counts
    header, *lines = text.splitlines() or [""]
    if header.strip() != "Time,Parameter,Value":
        raise InputError("the first row is not 'Time,Parameter,Value'", source=path, place=place, remedy=_CUT_OFF)
    for number, line in enumerate(lines, 2):
        try:
            time, name, cell = line.split(",")
            hours, minutes = int(time[:-3]), int(time[-2:])
            value = float(cell)
        except ValueError:
            if not line.strip():
                continue
            raise _mistake("is not a time, a name and a value", line, path, place, number) from None
        if not (0 <= hours <= _HOURS and 0 <= minutes < 60 and abs(value) < 1e12):
            raise _mistake("is not within 48 hours, or no finite value", line, path, place, number)
        if value == -1 and name in _UNKNOWN:
            continue
        column = _VARIABLES.get(name)
        if column is not None:
            low, high = _POSSIBLE.get(name, (-math.inf, math.inf))
            if low <= value <= high:
                row = min(bins - 1, int((hours + minutes / 60) / step))
                sums[row, column] += value
                counts[row, column] += 1
        elif name in _DESCRIPTORS:
            stay.facts.setdefault(name, value)  # the age stands in some files several times
        elif name:  # a line without a name says nothing: there are some
            raise _mistake("names no variable of the challenge", line, path, place, number)
    return stay


def _dataset(path: Path, stays: list[_Stay], step: float) -> Dataset:
    counts = np.stack([stay.counts for stay in stays])
    divisors: np.ndarray = np.maximum(1, counts)
    divisors[:, :, _SUMMED] = 1
    values = np.stack([stay.sums for stay in stays]) / divisors
    seen = counts > 0
    values[~seen] = np.nan
    steps = values.shape[1]
    measured: np.ndarray = seen.max(axis=2)
    lengths = steps - np.argmax(measured[:, ::-1], axis=1)
    facts = {name: np.array([stay.facts.get(name, np.nan) for stay in stays]) for name in _DESCRIPTORS}
    records = facts["RecordID"]
    outcomes = _outcomes(path)
    died = np.array([outcomes.get(record, {}).get("In-hospital_death", -1) for record in records], dtype=np.int64)
    columns: dict[str, np.ndarray] = {
        "age": facts["Age"],
        "gender": _named(facts["Gender"], {0: "female", 1: "male"}),
        "height (cm)": facts["Height"],
    }
    if not np.isnan(facts["ICUType"]).all():  # some releases do not tell
        units = {1: "coronary", 2: "cardiac surgery", 3: "medical", 4: "surgical"}
        columns["ICU"] = _named(facts["ICUType"], units)
    for score in ("SAPS-I", "SOFA") if outcomes else ():
        scores = np.array([outcomes.get(record, {}).get(score, np.nan) for record in records])
        columns[score] = np.where(scores < 0, np.nan, scores)
    return Dataset(
        values=values.astype(np.float32),
        layout="series",
        name=path.stem,
        labels=died if outcomes else None,
        class_names=("survived", "died") if outcomes else (),
        names=np.array(["" if record != record else str(int(record)) for record in records]),
        columns=columns,
        channel_names=tuple(f"{name} ({unit})" for name, unit in UNITS.items()),
        sampling_rate=1 / (3600 * step),
        observed=seen,
        lengths=lengths if (lengths != steps).any() else None,
    )


def _named(numbers: np.ndarray, names: dict[int, str]) -> np.ndarray:
    return np.array([names.get(int(number), "unknown") if number == number else "unknown" for number in numbers])


def _outcomes(path: Path) -> dict[float, dict[str, float]]:
    """Return what became of each patient, by the stay's number; empty where no such file lies beside the archive.

    Raises
    ------
    InputError
        If it is damaged.
    """
    source = path.with_name(f"Outcomes-{path.stem.rpartition('-')[2]}.txt")
    if not source.is_file():
        return {}
    with source.open(encoding="utf-8", errors="replace", newline="") as file:
        return dict(_rows(source, file))


def _rows(source: Path, file: Iterator[str]) -> Iterator[tuple[float, dict[str, float]]]:
    for number, row in enumerate(csv.DictReader(file), 2):
        try:
            facts = {name: float(row[name]) for name in ("RecordID", "SAPS-I", "SOFA", "In-hospital_death")}
            if facts["In-hospital_death"] not in (0, 1):
                raise ValueError
        except (KeyError, TypeError, ValueError):
            raise InputError(
                "this row tells no outcome", source=source, place=f"row {number}", remedy=_CUT_OFF
            ) from None
        yield facts["RecordID"], facts


def _mistake(problem: str, line: str, path: Path, place: str, number: int) -> InputError:
    return InputError(f"'{line[:40]}' {problem}", source=path, place=f"{place}, row {number}", remedy=_CUT_OFF)
