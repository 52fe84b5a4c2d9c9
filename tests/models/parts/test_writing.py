"""Greedy writing, beams and draws, against what can be worked out by hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.data.tokens import END, PAD, START
from explorer.models.parts.composition import Coded, Composition, Pass
from explorer.models.parts.likelihoods import TokenLikelihood
from explorer.models.parts.tokens import TokenCrossEntropy, TokenDecoder, TokenEncoder
from explorer.models.parts.translation import AttentiveDecoder, StatesEncoder
from explorer.models.parts.writing import beam_search, write
from explorer.training.step import Batch, Step

A, B = 4, 5


class Chain:
    """Tells the next token by the one before alone; the state counts the steps."""

    def __init__(self, chances: dict[int, dict[int, float]]) -> None:
        self.table = torch.full((6, 6), 1e-9)
        for before, following in chances.items():
            for token, chance in following.items():
                self.table[before, token] = chance

    def next(self, ids: Tensor, state: Any) -> tuple[Tensor, Any]:
        return self.table[ids].log(), (state[0] + 1,)


GARDEN = Chain({START: {A: 0.6, B: 0.4}, A: {A: 0.4, B: 0.3, END: 0.3}, B: {END: 0.9, A: 0.1}})
"""The likeliest first token leads astray: "a a a …" against "b" of probability 0.36."""


def test_greedy_takes_the_likeliest_and_beams_find_the_best() -> None:
    nothing = (torch.zeros(2, 1),)
    np.testing.assert_array_equal(write(GARDEN, nothing, 2, 4)[0], [A, A, A, A])
    np.testing.assert_array_equal(beam_search(GARDEN, nothing, 2, 4, 3, normalisation=0.0)[1], [B, END, PAD, PAD])
    np.testing.assert_array_equal(beam_search(GARDEN, nothing, 2, 4, 1, normalisation=0.0)[1], [A, A, A, A])


@pytest.mark.parametrize("normalisation", [0.0, 0.6, 1.0])
def test_beams_enough_find_what_a_search_of_all_finds(normalisation: float) -> None:
    def worth(sentence: tuple[int, ...]) -> float:
        told, before = 0.0, START
        length = 0
        for length, token in enumerate(sentence, 1):  # noqa: B007 - it is used behind the loop
            told += float(GARDEN.table[before].log().log_softmax(-1)[token])
            before = token
            if token == END:
                break
        return told / ((5 + length) / 6) ** normalisation

    every = [each for each in product((A, B, END, PAD), repeat=4) if _proper(each)]
    best = max(every, key=worth)
    found = beam_search(GARDEN, (torch.zeros(1, 1),), 1, 4, 64, normalisation=normalisation)
    assert tuple(found[0].tolist()) == best


def _proper(sentence: tuple[int, ...]) -> bool:
    end = sentence.index(END) if END in sentence else len(sentence)
    return PAD not in sentence[:end] and all(token == PAD for token in sentence[end + 1 :])


def test_neither_padding_nor_a_start_is_written() -> None:
    odd = Chain({START: {PAD: 0.9, START: 0.05, A: 0.05}, A: {END: 1.0}})
    np.testing.assert_array_equal(write(odd, (torch.zeros(1, 1),), 1, 3), [[A, END, PAD]])


def batch(lengths: list[int], steps: int, vocabulary: int, seed: int = 0) -> Batch:
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(4, vocabulary, (len(lengths), steps), generator=generator)
    known = torch.tensor(lengths)
    ids = torch.where(torch.arange(steps) == known[:, None] - 1, END, ids)
    ids = torch.where(torch.arange(steps) < known[:, None], ids, PAD)
    return Batch(ids, ids, lengths=known)


def step(*, training: bool = False) -> Step:
    return Step(0, 1, training, torch.Generator().manual_seed(0))


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_written_is_what_it_held_likeliest_when_taught(cell: str, layers: int) -> None:
    """Shown its own words as the truth, it finds each the likeliest: both ways through the network agree."""
    torch.manual_seed(0)
    decoder = TokenDecoder(3, 8, 7, 9, 5, cell, layers=layers)
    with torch.no_grad():
        decoder.last.weight.mul_(6.0)
        z = torch.randn(5, 3)
        ids = decoder(z)
        logits = decoder(z, Batch(ids, ids), step()).clone()
        logits[..., [PAD, START]] = -torch.inf
    likeliest = logits.argmax(-1)
    going = torch.cat([torch.ones(5, 1, dtype=torch.bool), (ids != END).cumprod(1)[:, :-1].bool()], 1)
    np.testing.assert_array_equal(likeliest[going], ids[going])
    np.testing.assert_array_equal(decoder.search(z, 1), ids)


def test_an_inputless_decoder_does_not_see_words() -> None:
    torch.manual_seed(0)
    blind, seeing = (TokenDecoder(3, 8, 6, 9, 5, inputless=inputless) for inputless in (True, False))
    z, first, second = torch.randn(4, 3), batch([6] * 4, 6, 9, 1), batch([6] * 4, 6, 9, 2)
    with torch.no_grad():
        assert torch.equal(blind(z, first, step()), blind(z, second, step()))
        assert not torch.equal(seeing(z, first, step()), seeing(z, second, step()))


def test_words_are_hidden_only_while_it_trains() -> None:
    torch.manual_seed(0)
    decoder = TokenDecoder(3, 8, 6, 9, 5, word_dropout=1.0)
    z, first, second = torch.randn(4, 3), batch([6] * 4, 6, 9, 1), batch([6] * 4, 6, 9, 2)
    with torch.no_grad():
        assert torch.equal(decoder(z, first, step(training=True)), decoder(z, second, step(training=True)))
        assert not torch.equal(decoder(z, first, step()), decoder(z, second, step()))


@pytest.mark.parametrize(
    "make", [lambda: TokenEncoder(9, 5, 6, bidirectional=True), lambda: StatesEncoder(9, 5, 6, layers=2)]
)
def test_padding_changes_no_code(make: Any) -> None:
    torch.manual_seed(0)
    encoder, given = make(), batch([2, 5, 4], 5, 9)
    more = Batch(torch.nn.functional.pad(given.inputs, (0, 4), value=7), given.targets, lengths=given.lengths)
    with torch.no_grad():
        torch.testing.assert_close(encoder(more), encoder(given), atol=1e-6, rtol=0)


def test_the_loss_is_a_mean_over_tokens_and_padding_is_none() -> None:
    given = batch([2, 5], 5, 9)
    logits = torch.randn(2, 5, 9, generator=torch.Generator().manual_seed(0))
    told = logits.log_softmax(-1).gather(2, given.targets[..., None]).squeeze(2)
    by_sentence = -torch.stack([told[0, :2].sum(), told[1, :5].sum()])
    torch.testing.assert_close(TokenLikelihood().of_samples(logits, given), by_sentence)
    code = Coded(torch.zeros(2, 1), torch.zeros(2, 1))
    seen = Pass(None, given, code.z, code, logits)  # type: ignore[arg-type] - the term looks at the rest alone
    torch.testing.assert_close(TokenCrossEntropy()(seen, step())[0], by_sentence.sum() / 7)


@pytest.mark.parametrize("kind", ["dot", "additive"])
def test_attention_sees_what_is_there_and_nothing_without(kind: Any) -> None:
    torch.manual_seed(0)
    encoder = StatesEncoder(9, 5, 6)
    decoder = AttentiveDecoder(3, 8, 6, 9, 5, memory=12, kind=kind, blind=0.0, target=True)
    given = batch([2, 5], 5, 9)
    with torch.no_grad():
        states = encoder.states(given)
        known = torch.arange(5) < given.lengths[:, None]
        spoilt = torch.where(known[..., None], states, 99.0)
        z = torch.randn(2, 3)
        taught = decoder.taught(z, given, step(), (states, known))
        torch.testing.assert_close(decoder.taught(z, given, step(), (spoilt, known)), taught)
        own = torch.randn(2, 4, 8)
        context = decoder._context(own, decoder.prepared((states, known)))
        alone = decoder._context(own[:1], decoder.prepared((states[:1, :2], known[:1, :2])))
        torch.testing.assert_close(context[:1], alone)
        ids = write(decoder, decoder._before(z, (states, known)), 2, 6)
        assert ids.shape == (2, 6)
        assert decoder(z).shape == (2, 6)
    assert isinstance(decoder, TokenDecoder) and issubclass(Composition, torch.nn.Module)
