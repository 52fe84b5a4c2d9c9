"""For every reader, how a known data set is written in its format: the battery in test_readers.py needs no more.

A reader that takes any data has its writer in `WRITERS`; one for a published set, whose form is fixed, in `PUBLISHED`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.music_files import midi_bytes


def example() -> Dataset:
    """Return six labelled series of eight steps, with a missing value."""
    values = np.random.default_rng(0).normal(size=(6, 8, 1)).astype(np.float32)
    values[2, 3, 0] = np.nan
    return Dataset(
        values=values, labels=np.array([0, 1, 0, 1, 0, 1]), class_names=("rest", "walk"), observed=~np.isnan(values)
    )


def write_delimited(dataset: Dataset, path: Path) -> None:
    names = [dataset.class_names[label] for label in dataset.labels] if dataset.labels is not None else []
    rows = [["label", *(f"t{i}" for i in range(dataset.values.shape[1]))]]
    for name, series in zip(names, dataset.values[..., 0], strict=True):
        rows.append([name, *("" if value != value else repr(float(value)) for value in series)])
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def write_npy(dataset: Dataset, path: Path) -> None:
    assert dataset.labels is not None
    np.savez(path, values=dataset.values, labels=dataset.labels, class_names=np.array(dataset.class_names))


def write_ts(dataset: Dataset, path: Path) -> None:
    assert dataset.labels is not None
    lines = ["# known", "@problemName known", "@timeStamps false", "@missing true", "@univariate true"]
    lines += ["@equalLength true", f"@seriesLength {dataset.values.shape[1]}"]
    lines += [f"@classLabel true {' '.join(dataset.class_names)}", "@data"]
    for label, series in zip(dataset.labels, dataset.values[..., 0], strict=True):
        cells = ",".join("?" if value != value else repr(float(value)) for value in series)
        lines.append(f"{cells}:{dataset.class_names[label]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


WRITERS: dict[str, tuple[str, Callable[[Dataset, Path], None]]] = {
    "delimited": (".csv", write_delimited),
    "numpy-arrays": (".npz", write_npy),
    "ts": (".ts", write_ts),
}
"""Suffix and writer by the reader's registered name."""


def write_nab(folder: Path) -> Path:
    """Write 300 values, five minutes apart, of which 20 are anomalous, with the labels where they belong."""
    path = folder / "data" / "artificial" / "known.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.datetime64("2014-04-01 00:00:00") + np.timedelta64(5, "m") * np.arange(300)
    values = np.sin(np.arange(300) / 5)
    values[200:220] = 3
    stamps = [str(time).replace("T", " ") for time in times]
    rows = [f"{stamp},{value!r}" for stamp, value in zip(stamps, values.tolist(), strict=True)]
    path.write_text("\n".join(["timestamp,value", *rows]))
    labels = folder / "labels" / "combined_windows.json"
    labels.parent.mkdir(exist_ok=True)
    labels.write_text(json.dumps({"artificial/known.csv": [[f"{stamps[200]}.000000", f"{stamps[219]}.000000"]]}))
    return path


def stay(number: int, *lines: str, age: int = 60, icu: int = 4) -> str:
    """Return the text of a stay in intensive care."""
    head = [f"00:00,RecordID,{number}", f"00:00,Age,{age}", "00:00,Gender,1", "00:00,Height,-1", f"00:00,ICUType,{icu}"]
    return "\n".join(["Time,Parameter,Value", *head, "00:00,Weight,-1", *lines]) + "\n"


def write_physionet(folder: Path) -> Path:
    """Write three stays and their outcomes."""
    path = folder / "set-a.zip"
    stays = {
        132539: stay(132539, "00:07,HR,70", "00:37,HR,80", "01:10,Temp,36.5", "47:59,Urine,100", "48:00,Urine,50"),
        132540: stay(132540, "03:00,HR,90", "03:05,pH,735", "05:00,MechVent,1", age=71),
        132541: stay(132541, "00:15,Weight,81.5", "00:20,FiO2,0.5", age=50, icu=1),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in stays.items():
            archive.writestr(f"set-a/{number}.txt", text)
    rows = ["RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death"]
    rows += ["132539,6,1,5,-1,0", "132540,-1,8,8,3,1", "132541,21,11,19,-1,0"]
    (folder / "Outcomes-a.txt").write_text("\n".join(rows) + "\n")
    return path


def write_midi(folder: Path) -> Path:
    """Write a tune of six bars, a note on every eighth."""
    path = folder / "known.mid"
    steps = np.arange(96)
    tokens = np.where(steps % 2, 0, 41 + np.array([0, 2, 4, 5, 7, 5, 4, 2])[steps // 2 % 8]).astype(np.int32)
    path.write_bytes(midi_bytes([tokens], tempo=100.0))
    return path


def write_abc(folder: Path) -> Path:
    """Write two tunes, with an upbeat, a key and a repeat."""
    path = folder / "known.abc"
    one = "X:1\nT:One\nM:4/4\nL:1/8\nK:G\nG2|GABc d2e2|dcBA G2AB|c2B2 A2G2|F2A2 G2:|"
    two = "X:2\nT:Two\nM:C\nL:1/4\nK:Am\nABcd|e3 d/c/|B^GAB|A4|]"
    path.write_text(f"{one}\n\n{two}\n", encoding="utf-8")
    return path


def write_text(folder: Path) -> Path:
    """Write seven sentences."""
    path = folder / "known.txt"
    who, what = ("the cat", "a dog", "my horse"), ("sleeps.", "runs away!", "eats 2 apples")
    lines = [f"{who[i % 3]} {what[i // 3]}" for i in range(7)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


PUBLISHED: dict[str, Callable[[Path], Path]] = {
    "nab": write_nab,
    "physionet2012": write_physionet,
    "midi": write_midi,
    "abc-notation": write_abc,
    "text": write_text,
}
"""Writer by the reader's registered name: it fills a folder and returns the file to open."""
