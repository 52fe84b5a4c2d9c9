"""Text in, text out."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from explorer.cli import inputs, options
from explorer.cli.console import emit
from explorer.errors import UnsupportedError


def translate(
    project: options.ProjectPath,
    texts: Annotated[list[str], typer.Argument(metavar='"TEXT"…', help="Sentences, each in quotes.")],
    beams: Annotated[int, typer.Option(min=1, max=64, help="How many beams search; 1 is greedy.")] = 4,
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Translate sentences by a trained translator."""
    from explorer.models.recipes.translator import Translator

    with inputs.trained(project, run) as trained:
        model = trained.model()
        if not isinstance(model, Translator):
            raise UnsupportedError(
                f"{model.title} does not translate",
                source=project,
                remedy="Choose a run of a translator with --run, or train one: --model translator",
            )
        written = model.translate(texts, beam=beams)
        facts: dict[str, Any] = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "beams": beams,
            "translations": [{"source": text, "translation": told} for text, told in zip(texts, written, strict=True)],
        }
    emit(facts, as_json=as_json, text=lambda: "\n".join(written))
