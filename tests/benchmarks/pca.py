"""PCA against scikit-learn's default in one run, and of a memory map that is larger than the memory it may take.

For a million samples of 50 features and a hundred thousand of 1,000, in float32: "seconds" and "sklearn_seconds" are
the best of some fits in turn, "ratio_to_sklearn" how many times longer scikit-learn takes, "cpu_ratio" the same of the
processor's time, which the load of other programs leaves as it is. "subspace_error" is the sine of the largest angle
between the planes that both find. The 5 GB are those of 25 million samples of 50 features in an NPY file without
content for most of it (a sparse file), read and fitted in a process of its own: "peak_mb" is the most memory that it
ever took as the system counts it, the file's pages included; "own_mb" what of it was its own, at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks._measure import main

SIZES = {(1_000_000, 50): 7, (100_000, 1000): 3}
COMPONENTS = 2
MAPPED = (25_000_000, 50)
STRIPE = 50_000  # samples of the memory map that have content, and then as many again that have none

FIT = """
import json, sys, time
import numpy as np
from explorer.models.recipes.pca import PCA
began = time.perf_counter()
model = PCA(latent_dim=2).fit(np.load(sys.argv[1], mmap_mode="r"))
seconds = time.perf_counter() - began
status = dict(line.split(":", 1) for line in open("/proc/self/status") if line.startswith(("VmHWM", "RssAnon")))
own, peak = (int(status[name].split()[0]) for name in ("RssAnon", "VmHWM"))
print(json.dumps({"peak_mb": round(peak / 1024), "own_mb": round(own / 1024), "seconds": round(seconds, 1),
                  "components": model.components_.tolist()}))
"""


def measure(gigabytes: int = 0) -> dict[str, Any]:
    """Measure both sizes, and the memory map; of so many gigabytes, if any are given."""
    figures: dict[str, Any] = {f"{n}x{d}": _against_sklearn(n, d, times) for (n, d), times in SIZES.items()}
    n, d = (gigabytes * 10**9 // 200, MAPPED[1]) if gigabytes else MAPPED
    name = "mapped_5gb" if not gigabytes else f"mapped_{gigabytes}gb"
    return {**figures, name: mapped(n, d)}


def _samples(n: int, d: int) -> np.ndarray:
    """Return a few strong directions in noise, float32 ``(n, d)``, off the origin."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d), dtype=np.float32)
    strong = np.array([5.0, 4.0, 3.0, 2.0, 1.5], dtype=np.float32)[:, None]
    ways = np.linalg.qr(rng.standard_normal((d, len(strong)))).Q.T.astype(np.float32)
    for start in range(0, n, 100_000):
        part = X[start : start + 100_000]
        part += (rng.standard_normal((len(part), len(strong)), dtype=np.float32) @ (strong * ways)) + 1
    return X


def _against_sklearn(n: int, d: int, times: int) -> dict[str, float]:
    import sklearn.decomposition

    from explorer.models.recipes.pca import PCA

    X = _samples(n, d)
    best: dict[str, list[float]] = {"ours": [], "theirs": [], "ours_cpu": [], "theirs_cpu": []}
    ours, theirs = PCA(latent_dim=COMPONENTS), sklearn.decomposition.PCA(n_components=COMPONENTS)
    for _ in range(times):
        for name, model in (("ours", ours), ("theirs", theirs)):
            began, worked = time.perf_counter(), time.process_time()
            model.fit(X)
            best[f"{name}_cpu"].append(time.process_time() - worked)
            best[name].append(time.perf_counter() - began)
    fastest = {name: min(found) for name, found in best.items()}
    return {
        "seconds": round(fastest["ours"], 3),
        "sklearn_seconds": round(fastest["theirs"], 3),
        "ratio_to_sklearn": round(fastest["theirs"] / fastest["ours"], 2),
        "cpu_ratio": round(fastest["theirs_cpu"] / fastest["ours_cpu"], 2),
        "subspace_error": subspace_error(ours.components_, theirs.components_),
    }


def subspace_error(first: np.ndarray, second: np.ndarray) -> float:
    """Return the sine of the largest angle between two planes, given orthonormal rows."""
    first, second = (np.linalg.qr(np.asarray(each, dtype=np.float64).T).Q for each in (first, second))
    return float(np.linalg.norm(second - first @ (first.T @ second), 2))


def mapped(n: int, d: int) -> dict[str, Any]:
    """Fit a memory map of n × d numbers in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.npy"
        array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(n, d))
        for start in range(0, n, max(1, n // 20)):
            array[start : start + STRIPE] = _samples(min(STRIPE, n - start), d)
        array.flush()
        del array
        done = subprocess.run(
            [sys.executable, "-c", FIT, str(path)], capture_output=True, text=True, check=False, timeout=1800
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    found.pop("components")
    return {"gigabytes": round(4e-9 * n * d, 2), **found}


if __name__ == "__main__":
    main(__doc__ or "", measure, gigabytes="of the memory map, instead of five")
