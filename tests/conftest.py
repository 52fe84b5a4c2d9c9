"""What every test may rely on: no display, a home of its own, one torch thread."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# How fast a machine is, and how busy, is no property of the program.
settings.register_profile("latentscape", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("latentscape")

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep projects and settings of a test to itself."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("LATENTSCAPE_HOME", str(folder))
    return folder


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of published data sets, which lies beside the checkout on some machines."""
    if not SHARED.is_dir():
        pytest.skip("the published data sets are not on this machine")
    return SHARED
