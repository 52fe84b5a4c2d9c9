import string
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.data.corruption import CORRUPTIONS
from explorer.data.generated import SETS
from explorer.data.reader import READERS
from explorer.errors import InputError
from explorer.models.base import RECIPES
from explorer.registry import Registry


class Plugin:
    pass


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an empty package of plug-ins called `plugs`."""
    folder = tmp_path / "plugs"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "plugs"]:
        del sys.modules[name]


@pytest.fixture
def plugs(package: Path) -> Registry[Plugin]:
    head = "from tests.test_registry import Plugin\n"
    (package / "good_one.py").write_text(f"{head}class GoodOne(Plugin): ...\nclass _Hidden(GoodOne): ...\n")
    (package / "broken.py").write_text("import a_module_that_nobody_has\n")
    (package / "misspelt.py").write_text("def f(:\n")
    (package / "two.py").write_text(f"{head}class A(Plugin): ...\nclass B(Plugin): ...\n")
    (package / "_private.py").write_text("raise RuntimeError\n")
    return Registry("plug", "plugs", Plugin, "latentscape.plugs.of.nobody")


def test_names_are_listed_without_importing(plugs: Registry[Plugin]) -> None:
    assert plugs.names() == list(plugs) == ["broken", "good-one", "misspelt", "two"]
    assert not [name for name in sys.modules if name.startswith("plugs.")]
    assert "good-one" in plugs
    assert "private" not in plugs


def test_a_plug_in_is_loaded_by_its_name(plugs: Registry[Plugin]) -> None:
    found = plugs.load("good-one")
    assert found.__name__ == "GoodOne"
    assert plugs.name_of(found) == "good-one"


def test_broken_plug_ins_are_shown_with_their_reason(plugs: Registry[Plugin]) -> None:
    loaded, failed = plugs.load_all()
    assert list(loaded) == ["good-one"]
    assert list(failed) == ["broken", "misspelt", "two"]
    assert "No module named 'a_module_that_nobody_has'" in failed["broken"]
    assert "SyntaxError" in failed["misspelt"]
    assert "2 public Plugin classes" in failed["two"]
    with pytest.raises(InputError, match="the plug 'broken' cannot be loaded"):
        plugs.load("broken")


def test_an_unknown_name_lists_those_there_are(plugs: Registry[Plugin]) -> None:
    with pytest.raises(InputError, match="there is no plug called 'bad'") as told:
        plugs.load("bad")
    assert "good-one" in str(told.value)
    with pytest.raises(InputError, match="is not a registered plug"):
        plugs.name_of(int)


def test_other_distributions_add_by_entry_points(plugs: Registry[Plugin], monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("guest", "tests.test_registry:Guest", "latentscape.plugs"),
        EntryPoint("stranger", "tests.test_registry:test_names_are_listed_without_importing", "latentscape.plugs"),
        EntryPoint("lost", "nowhere:Nothing", "latentscape.plugs"),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    assert plugs.load("guest") is Guest
    assert plugs.name_of(Guest) == "guest"
    failed = plugs.load_all()[1]
    assert "is not a Plugin" in failed["stranger"]
    assert "No module named 'nowhere'" in failed["lost"]


class Guest(Plugin):
    pass


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(names=st.sets(st.text(string.ascii_lowercase + "_", min_size=1, max_size=8), max_size=6))
def test_any_file_is_found_by_its_name(tmp_path: Path, package: Path, names: set[str]) -> None:
    for file in package.glob("*.py"):
        file.unlink()
    for name in names:
        (package / f"{name}.py").touch()
    sys.path_importer_cache.clear()
    registry = Registry("plug", "plugs", Plugin, "latentscape.plugs.of.nobody")
    expected = {name.replace("_", "-") for name in names if not name.startswith("_")}
    assert set(registry.names()) == expected


@pytest.mark.parametrize("registry", [READERS, SETS, CORRUPTIONS, RECIPES], ids=lambda registry: registry.kind)
def test_every_plug_in_of_the_program_loads(registry: Registry) -> None:
    loaded, failed = registry.load_all()
    assert not failed
    for name, cls in loaded.items():
        assert registry.name_of(cls) == name
        assert cls.__doc__
