from __future__ import annotations

import pytest

from tests.analysis.figures.examples import CONTENTS


@pytest.fixture(params=sorted(CONTENTS))
def case(request: pytest.FixtureRequest) -> tuple[str, dict]:
    return CONTENTS[request.param]
