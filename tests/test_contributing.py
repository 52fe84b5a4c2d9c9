"""CONTRIBUTING.md's worked examples, run as what they are: files in the plug-in folders."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from explorer.data.corruption import CORRUPTIONS, corruption_text, parse_corruption
from explorer.data.generated import make
from explorer.data.reader import READERS, load, preview
from explorer.errors import InputError
from explorer.models.base import RECIPES, LatentModel
from explorer.parameters import parameters
from explorer.registry import Registry

PAGE = Path(__file__).parent.parent / "CONTRIBUTING.md"
EXAMPLE = re.compile(r"^```python\n# (explorer/\S+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = dict(EXAMPLE.findall(PAGE.read_text(encoding="utf-8")))
REGISTRIES: tuple[Registry, ...] = (CORRUPTIONS, READERS, RECIPES)


@pytest.fixture(autouse=True)
def plugged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put each example into its folder: a temporary one that its package looks into as well."""
    for path, code in EXAMPLES.items():
        file = tmp_path / "checkout" / path
        file.parent.mkdir(parents=True)
        file.write_text(code, encoding="utf-8")
    for registry in REGISTRIES:
        package = importlib.import_module(registry.package)
        folder = tmp_path / "checkout" / registry.package.replace(".", "/")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
        vars(registry).pop("_modules", None)
    importlib.invalidate_caches()
    yield
    for path in EXAMPLES:
        sys.modules.pop(path.removesuffix(".py").replace("/", "."), None)
    for registry in REGISTRIES:
        vars(registry).pop("_modules", None)


def test_there_is_an_example_of_each_kind() -> None:
    assert {str(Path(path).parent) for path in EXAMPLES} == {
        registry.package.replace(".", "/") for registry in REGISTRIES
    }


def test_examples_pass_the_linter(tmp_path: Path) -> None:
    config = PAGE.parent / "pyproject.toml"
    for command in (["check", "--isolated", "--line-length", "120"], ["format", "--check", "--config", str(config)]):
        files = [str(tmp_path / "checkout" / path) for path in EXAMPLES]
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *files], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_parameter_has_help() -> None:
    classes = [CORRUPTIONS.load("stuck"), READERS.load("json-lines"), RECIPES.load("robust-autoencoder")]
    for cls in classes:
        assert cls.title
        assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))


def test_corruption_repeats_the_last_value() -> None:
    values = np.arange(1, 41, dtype=np.float32).reshape(1, 40, 1)
    rng, scale = np.random.default_rng(0), np.ones((1, 1), dtype=np.float32)
    spoilt = parse_corruption("stuck:0.5,run=4").apply(values, rng, scale)
    assert spoilt.dtype == np.float32
    stays = spoilt == values
    stays[0, 0] = True  # before the first there is none to repeat
    assert stays.sum() in (20, 21)
    np.testing.assert_array_equal(spoilt, np.maximum.accumulate(np.where(stays, values, 0), axis=1))
    np.testing.assert_array_equal(parse_corruption("stuck:0").apply(values, rng, scale), values)
    assert corruption_text(parse_corruption("stuck:0.4")) == "stuck:0.4,run=5"
    with pytest.raises(InputError, match="strength"):
        parse_corruption("stuck:2")


def test_reader_reads_and_previews(tmp_path: Path) -> None:
    path = tmp_path / "heart.jsonl"
    lines = (
        '{"name": "a", "label": "sick", "values": [1, 2, 3]}',
        "",
        '{"label": "well", "values": [4, 5, 6]}',
        '{"values": [7, 8, 9]}',
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    data = load(path, sampling_rate=50)
    assert data.values.shape == (3, 3, 1)
    assert data.name == "heart"
    assert data.class_names == ("sick", "well")
    np.testing.assert_array_equal(data.labels, [0, 1, -1])
    assert (data.sample_name(0), data.sample_name(1)) == ("a", "1")
    assert data.time_axis[1] == 0.02
    assert preview(path).summary == "series of 3 steps"


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ('{"values": [1, 2]}', "2 values where the first sample has 3"),
        ('{"values": [1, "x", 3]}', "no sample"),
        ('{"values": [1, NaN, 3]}', "finite"),
        ("[1, 2, 3]", "no sample"),
        ("{", "no sample"),
    ],
)
def test_reader_names_the_bad_line(tmp_path: Path, second: str, says: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"values": [1, 2, 3]}\n' + second)
    with pytest.raises(InputError, match=says) as caught:
        load(path)
    assert caught.value.place == "line 2"
    assert caught.value.source == str(path)


def test_model_learns_decodes_and_is_saved(tmp_path: Path) -> None:
    recipe = RECIPES.load("robust-autoencoder")
    data = make("sines", n=60)
    model = recipe(latent_dim=3, hidden=(16,), epochs=5, seed=1).fit(data)
    losses = [epoch.train["loss"] for epoch in model.history_.epochs]
    assert losses[-1] < losses[0]
    codes = model.transform(data)
    assert codes.shape == (60, 3)
    decoded = model.inverse_transform(codes)
    assert decoded.shape == data.values.shape
    model.save(tmp_path / "model.safetensors")
    again = LatentModel.load(tmp_path / "model.safetensors")
    assert type(again) is recipe
    np.testing.assert_array_equal(again.inverse_transform(codes), decoded)
    assert json.loads(json.dumps(model.get_params()))["latent_dim"] == 3
    assert model.size(data.sample_shape) > 0
