"""Recurrent encoders and decoders: each series at its own end, in either order, by what they wrote or by the truth."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.data.dataset import Dataset
from explorer.errors import UnsupportedError
from explorer.models.base import LatentModel
from explorer.models.parts.conditioned import ConditionedDecoder
from explorer.models.parts.feedback import Loop, run
from explorer.models.parts.frames import flipped, framed, unframed, usual_frame
from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder, recurrent
from explorer.models.recipes.recurrent_autoencoder import RecurrentAutoencoder
from explorer.models.spec import SampleSpec
from explorer.models.teaching import probability
from explorer.training.step import Batch, Step
from tests.models.conftest import padded, unequal

CELLS = ("rnn", "gru", "lstm")


def step(epoch: int = 0, epochs: int = 100, *, training: bool = True) -> Step:
    return Step(epoch, epochs, training, torch.Generator().manual_seed(0))


def batch(x: torch.Tensor, lengths: torch.Tensor | None = None) -> Batch:
    return Batch(x, x, None, lengths)


# Frames and order


@given(st.integers(1, 20), st.integers(1, 7), st.integers(1, 3))
def test_frames_hold_all_steps(steps: int, size: int, channels: int) -> None:
    x = torch.randn(2, steps, channels)
    frames = framed(x, size)
    assert frames.shape == (2, -(-steps // size), size * channels)
    assert torch.equal(unframed(frames, size, steps), x)
    assert frames.flatten()[0] == x.flatten()[0] and frames.sum().item() == pytest.approx(x.sum().item(), abs=1e-4)


def test_flipping_leaves_the_padding_where_it_is() -> None:
    x = torch.tensor([[1.0, 2, 3, 4], [1, 2, 9, 9]])[:, :, None]
    lengths = torch.tensor([4, 2])
    assert flipped(x, lengths)[..., 0].tolist() == [[4, 3, 2, 1], [2, 1, 9, 9]]
    assert torch.equal(flipped(flipped(x, lengths), lengths), x)
    assert torch.equal(flipped(x), x.flip(1))


def test_frames_are_a_tenth_of_the_series_and_characters_are_read_one_by_one() -> None:
    assert [usual_frame(SampleSpec((steps, 1))) for steps in (5, 50, 60, 200)] == [1, 5, 6, 8]
    assert usual_frame(SampleSpec((50, 12), kind="one-hot")) == 1


# Encoders


@pytest.mark.parametrize("cell", CELLS)
def test_the_backward_direction_starts_at_each_series_own_end(cell: str) -> None:
    torch.manual_seed(0)
    encoder = RecurrentEncoder(2, 5, cell, bidirectional=True).double()
    x, lengths = torch.randn(4, 9, 2, dtype=torch.float64), torch.tensor([9, 1, 4, 7])
    found = encoder(batch(x, lengths))
    forward, backward = (recurrent(cell, 2, 5).double() for _ in range(2))
    weights = encoder.network.state_dict()
    forward.load_state_dict({name: weights[name] for name in forward.state_dict()})
    backward.load_state_dict({name: weights[f"{name}_reverse"] for name in backward.state_dict()})
    for i, length in enumerate(lengths):
        alone = x[i : i + 1, :length]
        ends = [network(series)[0][0, -1] for network, series in ((forward, alone), (backward, alone.flip(1)))]
        torch.testing.assert_close(found[i], torch.cat(ends))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(CELLS),
    st.integers(1, 2),
    st.booleans(),
    st.integers(1, 4),
    st.sampled_from(["forward", "reversed"]),
    st.integers(0, 9),
    st.integers(0, 2**16),
)
def test_padding_does_not_change_a_code(
    cell: str, layers: int, bidirectional: bool, frame: int, order: Any, more: int, seed: int
) -> None:
    torch.manual_seed(seed)
    encoder = RecurrentEncoder(2, 6, cell, layers=layers, bidirectional=bidirectional, frame=frame, order=order)
    lengths = torch.randint(1, 11, (5,))
    x = torch.randn(5, 10 + more, 2)
    x[torch.arange(10 + more) >= lengths[:, None]] = 50.0
    with torch.no_grad():
        codes = encoder(batch(x, lengths))
        assert codes.shape == (5, encoder.width)
        for i, length in enumerate(lengths):
            alone = encoder(batch(x[i : i + 1, :length]))
            assert (codes[i] - alone[0]).abs().max() < 1e-6


def test_padding_changes_neither_the_code_nor_the_reconstruction_of_a_model() -> None:
    data = unequal()
    model = RecurrentAutoencoder(hidden=8, epochs=3, order="reversed", decoder="conditioned", frame=3).fit(data)
    longer = padded(data, 5, 99.0)
    assert np.abs(model.transform(data) - model.transform(longer)).max() < 1e-6
    assert data.lengths is not None
    inside = np.arange(data.values.shape[1]) < data.lengths[:, None]
    first, second = model.reconstruct(data), model.reconstruct(longer)[:, : data.values.shape[1]]
    assert np.abs(first - second)[inside].max() < 1e-5


# Decoders


@pytest.mark.parametrize("cell", CELLS)
def test_the_code_may_be_the_first_state(cell: str) -> None:
    torch.manual_seed(0)
    decoder, z = RecurrentDecoder(3, 5, 7, 2, cell, layers=2, code_to="state").double(), torch.randn(4, 3).double()
    assert decoder.start is not None
    state = decoder.start(z)
    hidden = state[0] if isinstance(state, tuple) else state
    assert hidden.shape == (2, 4, 5) and hidden.abs().max() <= 1
    states, _ = decoder.network(torch.zeros(4, 7, 1).double(), state)
    torch.testing.assert_close(decoder(z), decoder.last(states))


@pytest.mark.parametrize("decoder_class", [RecurrentDecoder, ConditionedDecoder])
@pytest.mark.parametrize("frame", [1, 4])
def test_reversed_decoders_write_from_each_series_own_end(decoder_class: type[RecurrentDecoder], frame: int) -> None:
    torch.manual_seed(0)
    forward = decoder_class(3, 5, 10, 2, frame=frame)
    backward = decoder_class(3, 5, 10, 2, frame=frame, order="reversed")
    backward.load_state_dict(forward.state_dict())
    z, lengths = torch.randn(3, 3), torch.tensor([10, 3, 6])
    given_batch = batch(torch.zeros(3, 10, 2), lengths)
    with torch.no_grad():
        written = forward(z, given_batch)
        torch.testing.assert_close(backward(z, given_batch), flipped(written, lengths))
        torch.testing.assert_close(backward(z), forward(z).flip(1))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("written", ["values", "logits", "classes"])
@pytest.mark.parametrize("code_to", ["steps", "state", "both"])
def test_the_loop_over_arrays_equals_torchs_cells(cell: str, written: Any, code_to: Any) -> None:
    torch.manual_seed(0)
    for layers, frame in ((1, 1), (2, 3)):
        decoder = ConditionedDecoder(3, 6, 11, 4, cell, layers=layers, frame=frame, code_to=code_to, written=written)
        decoder, z = decoder.double(), torch.randn(5, 3).double()
        by_cells = decoder(z)
        assert by_cells.requires_grad
        with torch.inference_mode():
            assert (decoder(z) - by_cells).abs().max() < 1e-12


@pytest.mark.parametrize("cell", CELLS)
def test_running_free_is_to_be_taught_by_oneself(cell: str) -> None:
    torch.manual_seed(0)
    decoder = ConditionedDecoder(3, 6, 11, 2, cell, frame=2, order="reversed").double()
    z = torch.randn(5, 3).double()
    own = decoder(z).detach()
    torch.testing.assert_close(decoder.taught(z, batch(own)), own)
    for epoch in (0, 30):  # by the scan; step by step with coins
        torch.testing.assert_close(decoder(z, batch(own), step(epoch)), own)


def test_what_comes_in_again_is_the_most_probable_class() -> None:
    torch.manual_seed(0)
    decoder = ConditionedDecoder(3, 6, 5, 4, "gru", written="classes").double()
    z = torch.randn(1, 3).double()
    logits = decoder(z).detach()
    truth = nn.functional.one_hot(logits.argmax(-1), 4).double()
    torch.testing.assert_close(decoder.taught(z, batch(truth)), logits)


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_go_through_what_came_in_again(cell: str) -> None:
    torch.manual_seed(0)
    network, last = recurrent(cell, 4, 3).double(), nn.Linear(3, 2).double()
    loop, z = Loop(network, last, "values", 2), torch.randn(2, 2).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda code: run(loop, code, 4), (z,))
    direction = {name: torch.randn_like(parameter) for name, parameter in network.named_parameters()}
    run(loop, z, 4).square().sum().backward()
    slope = sum(float((parameter.grad * direction[name]).sum()) for name, parameter in network.named_parameters())
    sides = []
    for sign in (1, -1):
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                parameter += sign * 1e-6 * direction[name]
            sides.append(float(run(loop, z, 4).square().sum()))
            for name, parameter in network.named_parameters():
                parameter -= sign * 1e-6 * direction[name]
    assert (sides[0] - sides[1]) / 2e-6 == pytest.approx(slope, rel=1e-5)


def test_the_truth_beyond_a_series_end_cannot_matter() -> None:
    torch.manual_seed(0)
    decoder, z = ConditionedDecoder(3, 6, 8, 1, "gru", frame=2, order="reversed"), torch.randn(2, 3)
    x, lengths = torch.randn(2, 8, 1), torch.tensor([5, 8])
    other = x.clone()
    other[0, 5:] = 77.0
    for epoch in (0, 30):
        first, second = (decoder(z, batch(each, lengths), step(epoch)) for each in (x, other))
        torch.testing.assert_close(first[0, :5], second[0, :5])
        torch.testing.assert_close(first[1], second[1])


# Teacher forcing


def test_the_schedules_fall_from_one_to_nothing() -> None:
    assert [probability("constant", epoch, 9) for epoch in (0, 8)] == [1, 1]
    assert [probability("none", epoch, 9) for epoch in (0, 8)] == [0, 0]
    assert [probability("linear", epoch, 101) for epoch in (0, 30, 75, 100)] == pytest.approx([1, 0.6, 0, 0])
    sigmoid = [probability("inverse-sigmoid", epoch, 201) for epoch in range(201)]
    assert sigmoid[0] > 0.99 and sigmoid[75] == pytest.approx(0.5) and sigmoid[149] < 0.01 and sigmoid[-1] == 0
    assert sigmoid == sorted(sigmoid, reverse=True)
    # Bengio et al. 2015: k / (k + exp(i / k)), here with k = e⁶ and i such that i / k = 12 s.
    k = math.exp(6)
    assert sigmoid[45] == pytest.approx(k / (k + math.exp(12 * 45 / 150)))
    assert probability("linear", 0, 1) == 0


def test_it_is_judged_and_used_without_a_teacher() -> None:
    torch.manual_seed(0)
    decoder, z = ConditionedDecoder(3, 6, 8, 1, teaching="constant"), torch.randn(2, 3)
    truth = batch(torch.randn(2, 8, 1))
    with torch.no_grad():
        free = decoder(z)
        torch.testing.assert_close(decoder(z, truth, step(training=False)), free)
        torch.testing.assert_close(decoder(z, truth), free)
        assert (decoder(z, truth, step()) - free).abs().max() > 1e-3


def test_always_taught_is_one_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder, z, truth = ConditionedDecoder(3, 6, 8, 1), torch.randn(2, 3), batch(torch.randn(2, 8, 1))

    def refuse(*args: object) -> None:
        raise AssertionError("it went step by step")

    monkeypatch.setattr("explorer.models.parts.conditioned.run", refuse)
    decoder(z, truth, step(0))
    with pytest.raises(AssertionError):
        decoder(z, truth, step(10))


def test_coins_fall_by_chance_and_by_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder, z, truth = ConditionedDecoder(3, 4, 50, 1), torch.randn(400, 3), batch(torch.randn(400, 50, 1))
    thrown: list[torch.Tensor] = []
    real = run

    def watch(loop: Any, code: Any, count: Any, state: Any, true: Any, coins: Any) -> torch.Tensor:
        thrown.append(coins)
        return real(loop, code, count, state, true, coins)

    monkeypatch.setattr("explorer.models.parts.conditioned.run", watch)
    first, second = (decoder(z, truth, step(30, 101)) for _ in range(2))
    assert torch.equal(first, second)
    assert thrown[0].float().mean().item() == pytest.approx(0.6, abs=0.01)


def test_one_code_is_decoded_within_a_frame() -> None:
    """200 steps of feedback, as one drags: the best of many, since the machine does other things too."""
    decoder, z = ConditionedDecoder(4, 64, 200, 1, "gru"), torch.randn(1, 4)
    seconds = []
    with torch.inference_mode():
        for _ in range(20):
            start = time.perf_counter()
            decoder(z)
            seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.008


# The recipe

VARIANTS: list[dict[str, Any]] = [
    {"decoder": "unconditioned", "cell": "rnn", "layers": 2},
    {"decoder": "unconditioned", "cell": "lstm", "bidirectional": False, "latent_dim": 16, "frame": 1},
    {"decoder": "conditioned", "order": "reversed", "code_to": "both", "frame": 3},
    {"decoder": "conditioned", "cell": "lstm", "teacher_forcing": "constant", "code_to": "state", "frame": 5},
    {"decoder": "conditioned", "teacher_forcing": "inverse-sigmoid", "layers": 2, "frame": 4},
]


@pytest.mark.parametrize("options", VARIANTS)
def test_each_variant_learns_saves_and_decodes(options: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    X = (2 + np.sin(rng.uniform(0, 6.28, (120, 1)) + 0.5 * np.arange(12))).astype(np.float32)[:, :, None]
    model = RecurrentAutoencoder(**{"hidden": 16, "epochs": 40, "batch_size": 16, "learning_rate": 0.02, **options})
    model.fit(X)
    assert -model.score(X) < 0.3 * X.var()
    codes = model.transform(X)
    np.testing.assert_allclose(model.reconstruct(X), model.inverse_transform(codes), atol=1e-5)
    again = LatentModel.from_bytes(model.to_bytes())
    np.testing.assert_array_equal(again.inverse_transform(codes), model.inverse_transform(codes))


def test_taught_by_itself_it_writes_what_it_writes_freely() -> None:
    data = unequal()
    model = RecurrentAutoencoder(hidden=8, epochs=3, decoder="conditioned", teacher_forcing="constant").fit(data)
    own = model.reconstruct(data)
    taught = model.reconstruct_taught(replace(data, targets=own))
    assert data.lengths is not None
    inside = np.arange(data.values.shape[1]) < data.lengths[:, None]
    np.testing.assert_allclose(taught[inside], own[inside], atol=1e-5)
    assert np.abs(model.reconstruct_taught(data) - own).max() > 1e-3
    with pytest.raises(UnsupportedError, match="no teacher"):
        RecurrentAutoencoder(hidden=8, epochs=1, decoder="unconditioned").fit(data).reconstruct_taught(data)


def test_characters_become_probabilities() -> None:
    characters = np.random.default_rng(0).integers(0, 3, (60, 1)).repeat(6, axis=1)
    data = Dataset(values=np.eye(3, dtype=np.float32)[characters])
    for decoder in ("unconditioned", "conditioned"):
        model = RecurrentAutoencoder(hidden=16, epochs=40, batch_size=16, decoder=decoder, learning_rate=0.02)
        written = model.fit(data).reconstruct(data)
        assert model.history_.epochs[0].train.keys() == {"cross_entropy", "loss"}
        np.testing.assert_allclose(written.sum(-1), 1, atol=1e-5)
        assert (written.argmax(-1) == characters).mean() > 0.9
        cut = replace(data, values=data.values[:, :4])
        assert model.transform(cut).shape == (60, 4)
