"""The slides' case study from the command line: noise removed, and samples a second beside a plain PyTorch loop.

``latentscape train sines --model lstm-autoencoder`` runs with its defaults in a process of its own. The plain loop is
what one would write by hand: the same net, batch size and number of threads, a `DataLoader` and ``torch.optim.Adam``;
it does not even validate. On ``sines-varied`` a code of 4 units is known to be too small: that figure is shown too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from tests.benchmarks._measure import main

PLAIN_EPOCHS = 5


def _trained(data: str) -> tuple[dict[str, Any], float]:
    """Train by the command line; return what it tells, and the seconds that the whole process took."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "explorer", "train", data, "--model", "lstm-autoencoder", "--json"],
            env={**os.environ, "LATENTSCAPE_HOME": home},
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1]), time.perf_counter() - started


def _plain_loop(batch_size: int, hidden: int) -> float:
    """Return how many samples a second a plain loop trains on, after a first epoch that warms up."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from explorer.data.generated import make

    torch.set_num_threads(1)
    data = make("sines").part("train")

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = nn.LSTM(1, hidden, batch_first=True)
            self.decoder = nn.LSTM(hidden, hidden, batch_first=True)
            self.last = nn.Linear(hidden, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            code = self.encoder(x)[1][0][-1]
            states, _ = self.decoder(code.unsqueeze(1).expand(-1, x.shape[1], -1))
            return self.last(states)

    net = Net()
    adam = torch.optim.Adam(net.parameters(), lr=0.01)
    pairs = TensorDataset(torch.from_numpy(data.values), torch.from_numpy(data.clean))
    loader = DataLoader(pairs, batch_size=batch_size, shuffle=True)
    seconds = []
    for _ in range(1 + PLAIN_EPOCHS):
        started = time.perf_counter()
        for noisy, clean in loader:
            adam.zero_grad()
            nn.functional.mse_loss(net(noisy), clean).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
        seconds.append(time.perf_counter() - started)
    return PLAIN_EPOCHS * len(data) / sum(seconds[1:])


def measure() -> dict[str, Any]:
    """Train both ways; the plain loop before and after, since a machine is not equally fast at all times."""
    from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder

    defaults = LSTMAutoencoder()
    before = _plain_loop(defaults.batch_size, defaults.hidden)
    easy, seconds = _trained("sines")
    plain = (before + _plain_loop(defaults.batch_size, defaults.hidden)) / 2
    varied, _ = _trained("sines-varied")
    return {
        "snr_gain_db": round(easy["metrics"]["test"]["snr_gain_db"], 2),
        "samples_per_second": round(easy["samples_per_second"]),
        "ratio_to_dataloader_loop": round(easy["samples_per_second"] / plain, 2),
        "seconds": round(seconds, 1),
        "epochs": easy["epochs"],
        "dataloader_samples_per_second": round(plain),
        "sines_varied_gain_db": round(varied["metrics"]["test"]["snr_gain_db"], 2),
    }


if __name__ == "__main__":
    main(__doc__ or "", measure)
