"""Read a sentence that a person typed."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.errors import UnsupportedError
from explorer.models.recipes.translator import Translator
from explorer.models.text import TextModel
from explorer.progress import Progress
from explorer.workspace.messages import ReadSentence, SentenceRead
from explorer.workspace.model_cache import MODELS


def read_sentence(request: ReadSentence, progress: Progress) -> SentenceRead:
    """Return the code of a sentence and what the model writes of it; see `ReadSentence`.

    Raises
    ------
    InputError
        If the sentence is empty, too long, or has tokens that the model does not know; or the run is gone.
    UnsupportedError
        If the model does not read sentences.
    """
    loaded = MODELS.get(request.model)
    model = loaded.model
    if not isinstance(model, TextModel):
        raise UnsupportedError(f"{model.title} does not read sentences", remedy="Choose a run of a model of text")
    z = model.encode_texts(request.text)
    translated = isinstance(model, Translator)
    if isinstance(model, Translator):
        written = model.translate(request.text, beam=request.beams)[0]
    else:
        written = model.write(z, beam=request.beams)[0]
    used = msgspec.structs.replace(request.model, version=loaded.version)
    return SentenceRead(used, request.text, np.asarray(z[0]), written, translated, request.beams)
