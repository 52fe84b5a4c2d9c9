"""The guide: its tables are those of the declared parameters, and its links and commands lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from explorer.analysis.experiment import EXPERIMENTS

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "resources" / "docs"
PAGES = sorted(GUIDE.glob("*.md"))
READ = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#]+)?(?:#([\w-]+))?\)")


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import tables

    return tables


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_are_current(page: Path, tables: ModuleType) -> None:
    text = page.read_text(encoding="utf-8")
    assert tables.filled(text) == text, "run make docs"


def test_an_outcome_from_before_a_change_says_so(tables: ModuleType) -> None:
    name = "ucr-1nn"
    cls, outcome = EXPERIMENTS.load(name), tables.kept()[name]
    assert tables.AGED not in tables.result(name, cls, outcome)
    assert tables.AGED in tables.result(name, cls, {**outcome, "target": {}})


def test_every_table_is_in_the_guide(tables: ModuleType) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert {name for _, name, _ in tables.TABLE.findall(text)} == set(tables.TABLES)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", READ, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {path}"
        if anchor:
            assert anchor in anchors(target), f"{page.name} links to {path}#{anchor}"


def test_pictures_are_small() -> None:
    for picture in (GUIDE / "images").glob("*.png"):
        assert picture.stat().st_size < 300_000, picture.name


COMMANDS = sorted(
    {
        line.partition(" #")[0].strip()
        for page in READ
        for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
        if line.startswith("latentscape ") and not line.startswith("latentscape sines.latentscape")
    }
)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_of_the_guide_exist_with_their_options(line: str) -> None:
    import typer

    from explorer.cli.main import cli

    group = typer.main.get_command(cli)
    _, name, *arguments = shlex.split(line)
    group.commands[name].make_context(name, arguments)


@pytest.mark.parametrize("page", [ROOT / "README.md", GUIDE / "library.md"], ids=lambda page: page.stem)
def test_python_of_the_guide_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    rows = [",".join(["sick" if i % 2 else "well", *(f"{v:.3f}" for v in rng.normal(size=20))]) for i in range(30)]
    header = ",".join(["diagnosis", *(f"t{step}" for step in range(20))])
    for name in ("recording.csv", "noisy.csv", "clean.csv"):
        (tmp_path / name).write_text("\n".join([header, *rows]), encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    code = re.sub(r"epochs=\d+", "epochs=2", "\n".join(blocks))
    exec(compile(code, page.name, "exec"), {"X": rng.normal(size=(40, 12)), "y": np.arange(40) % 2})


def test_there_are_commands_to_look_at() -> None:
    assert len(COMMANDS) > 10
