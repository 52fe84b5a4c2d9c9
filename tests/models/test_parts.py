"""Parts against closed forms and against torch in double precision."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import nn

from explorer.models.parts.codes import PlainCode, VariationalCode
from explorer.models.parts.composition import Coded, Pass
from explorer.models.parts.dense import DenseDecoder, DenseEncoder
from explorer.models.parts.kl import GaussianKL, gaussian_kl
from explorer.models.parts.likelihoods import GaussianLikelihood
from explorer.models.parts.noise import GaussianNoise
from explorer.models.parts.reconstruction import AbsoluteError, SquaredError
from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder, recurrent
from explorer.models.parts.scan import last_states, scan, uses_kernel
from explorer.training.step import Batch, Step


def step(epoch: int = 0, epochs: int = 100, *, training: bool = True) -> Step:
    return Step(epoch, epochs, training, torch.Generator().manual_seed(0))


def seen(
    output: torch.Tensor, targets: torch.Tensor, observed: torch.Tensor | None = None, code: Coded | None = None
) -> Pass:
    batch = Batch(targets, targets, observed)
    nothing = torch.zeros(len(output), 1)
    return Pass(None, batch, nothing, code or Coded(nothing, nothing), output)


def test_kl_equals_torchs_closed_form() -> None:
    mean, log_variance = torch.randn(50, 3, dtype=torch.float64), torch.randn(50, 3, dtype=torch.float64)
    posterior = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    prior = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    expected = torch.distributions.kl_divergence(posterior, prior)
    torch.testing.assert_close(gaussian_kl(mean, log_variance), expected)
    assert gaussian_kl(torch.zeros(1), torch.zeros(1)).item() == 0.0


def test_kl_equals_the_mean_over_draws() -> None:
    """E_q[log q − log p], over draws of the code itself: checks the reparameterisation, too."""
    code = VariationalCode(2, 2)
    features = torch.tensor([[0.5, -1.0]]).expand(200_000, 2)
    with torch.no_grad():
        coded = code(features, step())
        assert coded.log_variance is not None
        posterior = torch.distributions.Normal(coded.mean, (0.5 * coded.log_variance).exp())
        drawn = (posterior.log_prob(coded.z) + 0.5 * (coded.z**2 + math.log(2 * math.pi))).sum(1).mean()
        exact = gaussian_kl(coded.mean, coded.log_variance).sum(1)[0]
        assert drawn.item() == pytest.approx(exact.item(), abs=0.02)
        assert torch.equal(code(features).z, code(features).mean)


def test_kl_warm_up_and_free_bits() -> None:
    mean, log_variance = torch.full((4, 2), 0.1), torch.zeros(4, 2)
    look = seen(torch.zeros(4, 3), torch.zeros(4, 3), code=Coded(mean, mean, log_variance))
    value, share = GaussianKL(2.0, warm_up=10)(look, step(5))
    assert value.item() == pytest.approx(2 * 0.005) and share.item() == pytest.approx(0.5 * 2.0 * 0.01)
    assert GaussianKL(2.0, warm_up=10)(look, step(0))[1].item() == 0.0
    assert GaussianKL(2.0, warm_up=10)(look, step(0, training=False))[1].item() == pytest.approx(0.02)
    value, share = GaussianKL(free_bits=0.5)(look, step(50))
    assert value.item() == pytest.approx(0.01) and share.item() == pytest.approx(1.0)


def test_the_likelihood_is_a_likelihood() -> None:
    term = GaussianLikelihood()
    term.log_variance.data.fill_(0.7)
    output, targets = torch.randn(6, 4, 2), torch.randn(6, 4, 2)
    expected = -torch.distributions.Normal(output, math.exp(0.35)).log_prob(targets).sum((1, 2)).mean()
    torch.testing.assert_close(term(seen(output, targets), step())[0], expected)


def test_errors_leave_out_what_was_not_observed() -> None:
    output, targets = torch.zeros(2, 3), torch.tensor([[1.0, 2.0, 99.0], [3.0, 99.0, 99.0]])
    observed = targets < 50
    assert SquaredError()(seen(output, targets, observed), step())[0].item() == pytest.approx((1 + 4 + 9) / 3)
    assert AbsoluteError()(seen(output, targets, observed), step())[0].item() == pytest.approx(2.0)
    assert SquaredError()(seen(output, targets), step())[0].item() == pytest.approx((targets**2).mean().item())
    nothing = torch.zeros_like(observed)
    assert SquaredError()(seen(output, targets, nothing), step())[0].item() == 0.0


def test_noise_has_its_deviation_and_its_generator() -> None:
    noise, zeros = GaussianNoise(0.3), torch.zeros(200, 200)
    first = noise(zeros, step())
    assert first.std().item() == pytest.approx(0.3, rel=0.01)
    assert torch.equal(first, noise(zeros, step()))


def test_a_direct_code_is_the_state_itself() -> None:
    features = torch.randn(3, 4)
    assert torch.equal(PlainCode(4, 4, direct=True)(features).z, features)
    with pytest.raises(ValueError, match="no code"):
        PlainCode(4, 2, direct=True)


def test_dense_parts_keep_the_samples_shape() -> None:
    encoder, decoder = DenseEncoder((5, 2), (7,)), DenseDecoder(3, (5, 2), (7,))
    x = torch.randn(4, 5, 2)
    assert encoder(Batch(x, x)).shape == (4, 7) and decoder(torch.randn(4, 3)).shape == (4, 5, 2)


def _cell(cell: str, network: nn.RNNBase, x: torch.Tensor) -> torch.Tensor:
    """Return the hidden states by the cell's equations, one step after the other."""
    w_x, w_h, b_x, b_h = network.parameters()
    h = c = torch.zeros(len(x), network.hidden_size, dtype=x.dtype)
    states = []
    for value in x.unbind(1):
        a, r = value @ w_x.T + b_x, h @ w_h.T + b_h
        if cell == "rnn":
            h = torch.tanh(a + r)
        elif cell == "gru":
            (ar, az, an), (rr, rz, rn) = a.chunk(3, 1), r.chunk(3, 1)
            z = torch.sigmoid(az + rz)
            h = (1 - z) * torch.tanh(an + torch.sigmoid(ar + rr) * rn) + z * h
        else:
            i, f, g, o = (a + r).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return torch.stack(states, 1)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_recurrent_networks_follow_their_equations(cell: str) -> None:
    network = recurrent(cell, 2, 3).double()
    x = torch.randn(5, 9, 2, dtype=torch.float64)
    torch.testing.assert_close(scan(network, x, 9), _cell(cell, network, x))


def _agrees_with_double(network: nn.RNNBase, operation: Callable[..., torch.Tensor], *inputs: torch.Tensor) -> None:
    """Check states, and gradients of inputs and weights, against those in double precision."""
    double = copy.deepcopy(network).double()
    x, y = ([each.detach().to(kind).requires_grad_() for each in inputs] for kind in (torch.float32, torch.float64))
    assert uses_kernel(network, x[0]) and not uses_kernel(double, y[0])
    ours, theirs = operation(network, *x), operation(double, *y)
    direction = torch.randn_like(ours)
    found = torch.autograd.grad((ours * direction).sum(), [*x, *network.parameters()])
    exact = torch.autograd.grad((theirs * direction.double()).sum(), [*y, *double.parameters()])
    assert (ours - theirs).abs().max() < 1e-6
    for mine, right in zip(found, exact, strict=True):
        assert (mine - right).abs().max() <= 5e-6 * max(1.0, right.abs().max().item())


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("constant", [False, True])
@pytest.mark.parametrize(
    ("channels", "hidden", "n", "steps", "layers"), [(1, 4, 64, 50, 1), (3, 7, 5, 11, 2), (2, 12, 1, 1, 1)]
)
def test_the_kernels_equal_torch_in_double_precision(
    cell: str, channels: int, hidden: int, n: int, steps: int, layers: int, constant: bool
) -> None:
    torch.manual_seed(0)
    x = torch.randn(n, 1 if constant else steps, channels)
    before = [0.5 * torch.randn(layers, n, hidden) for _ in range(2 if cell == "lstm" else 1)]

    def states(network: nn.RNNBase, x: torch.Tensor, *before: torch.Tensor) -> torch.Tensor:
        return scan(network, x, steps, (before[0], before[1]) if cell == "lstm" else before[0])

    network = recurrent(cell, channels, hidden, layers=layers)
    _agrees_with_double(network, states, x, *before)
    _agrees_with_double(network, partial(scan, steps=steps), x)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_kernels_read_series_of_unequal_length_in_both_directions(cell: str, layers: int) -> None:
    torch.manual_seed(0)
    network = recurrent(cell, 2, 5, layers=layers, bidirectional=True)
    _agrees_with_double(network, partial(last_states, lengths=torch.tensor([9, 1, 4, 7])), torch.randn(4, 9, 2))
    _agrees_with_double(network, last_states, torch.randn(4, 9, 2))


def test_wide_and_unlearnt_networks_go_to_torch() -> None:
    x = torch.randn(2, 5, 1)
    for cell in ("rnn", "gru", "lstm"):
        assert not uses_kernel(recurrent(cell, 1, 128), x)
        assert not uses_kernel(recurrent(cell, 1, 4).double(), x.double())
    with torch.no_grad():
        assert not uses_kernel(recurrent("lstm", 1, 4), x)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_padding_does_not_change_a_code(cell: str) -> None:
    torch.manual_seed(0)
    encoder = RecurrentEncoder(2, 6, cell)
    x, lengths = torch.randn(8, 10, 2), torch.arange(3, 11)
    padded = torch.cat([x, torch.full((8, 7, 2), 50.0)], 1)
    for i, length in enumerate(lengths):
        padded[i, length:] = 50.0
    with torch.no_grad():
        codes = encoder(Batch(padded, padded, None, lengths))
        for i, length in enumerate(lengths):
            alone = encoder(Batch(x[i : i + 1, :length], x[i : i + 1, :length]))
            assert (codes[i] - alone[0]).abs().max() < 1e-6


def test_a_decoder_writes_as_many_steps_as_it_was_given() -> None:
    decoder, z = RecurrentDecoder(3, 4, 10, 2), torch.randn(5, 3)
    longer = torch.zeros(5, 14, 2)
    with torch.no_grad():
        free, given = decoder(z), decoder(z, Batch(longer, longer))
    assert free.shape == (5, 10, 2) and given.shape == (5, 14, 2)
    torch.testing.assert_close(free, given[:, :10])
