"""Decoders of melodies: segments do not see each other, and teaching is what it says."""

import pytest
import torch

from explorer.models.parts.melody import MelodyDecoder, MelodyEncoder
from explorer.training.step import Batch, Step

VOCABULARY, STEPS, LATENT = 12, 32, 5


def decoder(segments: int, teaching: str = "constant", cell: str = "gru") -> MelodyDecoder:
    torch.manual_seed(0)
    return MelodyDecoder(
        LATENT, 16, STEPS, VOCABULARY, segments=segments, conductor=8, cell=cell, teaching=teaching
    ).double()


def batch(tokens: torch.Tensor) -> Batch:
    return Batch(tokens, tokens)


def step(*, training: bool, epoch: int = 0) -> Step:
    return Step(epoch, 10, training, torch.Generator().manual_seed(0))


@pytest.fixture
def z() -> torch.Tensor:
    return torch.randn(3, LATENT, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def tokens() -> torch.Tensor:
    return torch.randint(VOCABULARY, (3, STEPS), generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("segments", [1, 4])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_logits_of_all_tokens_are_written(segments: int, cell: str, z: torch.Tensor) -> None:
    assert decoder(segments, cell=cell)(z).shape == (3, STEPS, VOCABULARY)


@pytest.mark.parametrize("segments", [1, 2, 4])
def test_a_token_is_seen_by_those_after_it_in_its_segment_and_by_no_other(
    segments: int, z: torch.Tensor, tokens: torch.Tensor
) -> None:
    network, at = decoder(segments), 10
    changed = tokens.clone()
    changed[:, at] = (tokens[:, at] + 1) % VOCABULARY
    logits = [network(z, batch(each), step(training=True)) for each in (tokens, changed)]
    differs = (logits[0] != logits[1]).any(-1).any(0)
    end = (at // (STEPS // segments) + 1) * (STEPS // segments)
    assert differs.nonzero().flatten().tolist() == list(range(at + 1, end))


@pytest.mark.parametrize("segments", [1, 4])
def test_running_free_it_sees_what_it_wrote(segments: int, z: torch.Tensor) -> None:
    network = decoder(segments)
    with torch.no_grad():
        free = network(z)
    written = free.argmax(-1)
    taught = network(z, batch(written), step(training=False))
    torch.testing.assert_close(free, taught)


def test_validating_it_is_shown_the_truth_whatever_the_schedule(z: torch.Tensor, tokens: torch.Tensor) -> None:
    taught = decoder(2, "constant")(z, batch(tokens), step(training=True))
    for teaching in ("none", "linear"):
        seen = decoder(2, teaching)(z, batch(tokens), step(training=False))
        torch.testing.assert_close(seen, taught)


def test_scheduled_sampling_goes_from_the_truth_to_its_own(z: torch.Tensor, tokens: torch.Tensor) -> None:
    network = decoder(2, "linear")
    first = network(z, batch(tokens), step(training=True, epoch=0))
    torch.testing.assert_close(first, network(z, batch(tokens), step(training=False)))
    torch.testing.assert_close(network(z, batch(tokens), step(training=True, epoch=9)), network(z))
    between = network(z, batch(tokens), step(training=True, epoch=3))
    assert not torch.allclose(between, first)
    assert not torch.allclose(between, network(z))


def test_the_conductor_alone_tells_segments_apart(z: torch.Tensor) -> None:
    network = decoder(4)
    told = network._told(z).unflatten(0, (3, 4))
    assert told.shape == (3, 4, 8)
    assert (told.diff(dim=1).abs().sum(-1) > 1e-6).all()


def test_draws_follow_the_probabilities(z: torch.Tensor) -> None:
    network = decoder(4)
    drawn = network.drawn(z, lambda logits: logits.argmax(-1))
    torch.testing.assert_close(drawn, network(z).argmax(-1))
    other = network.drawn(z, lambda logits: torch.zeros(logits.shape[:-1], dtype=torch.int64))
    assert not other.any()


def test_the_encoder_reads_tokens_by_frames(tokens: torch.Tensor) -> None:
    torch.manual_seed(0)
    encoder = MelodyEncoder(VOCABULARY, 6, 7, frame=4)
    features = encoder(batch(tokens))
    assert features.shape == (3, 14) == (3, encoder.width)
    changed = tokens.clone()
    changed[:, 17] = (tokens[:, 17] + 1) % VOCABULARY
    assert ((encoder(batch(changed)) - features).abs() > 0).all()
