"""The case study's net as one would write it by hand: in plain torch, and in Keras on JAX."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import make

RATE = 2e-2


@dataclass(frozen=True)
class Size:
    """A net and what it learns from: units, time steps, samples in a batch."""

    hidden: int
    steps: int
    batch: int

    @property
    def name(self) -> str:
        """As it is called in the figures; 50 steps are not told."""
        return f"h{self.hidden}_b{self.batch}" + (f"_t{self.steps}" if self.steps != 50 else "")


def waves(steps: int, n: int) -> Dataset:
    """Return the case study's noisy waves, all of them to learn from."""
    from dataclasses import replace

    return replace(make("sines", n=n, n_steps=steps), split=np.zeros(n, dtype=np.int8))


def error(outputs: np.ndarray, clean: np.ndarray) -> float:
    """Return the mean squared error."""
    return float(np.mean((outputs.reshape(clean.shape) - clean) ** 2))


def torch_epochs(
    size: Size, noisy: np.ndarray, clean: np.ndarray, rate: float = RATE
) -> Iterator[Callable[[np.ndarray], np.ndarray]]:
    """Train by a `DataLoader` and Adam; yield after every epoch what reconstructs samples by then."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.set_num_threads(1)
    torch.manual_seed(0)

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = nn.LSTM(1, size.hidden, batch_first=True)
            self.decoder = nn.LSTM(size.hidden, size.hidden, batch_first=True)
            self.last = nn.Linear(size.hidden, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            code = self.encoder(x)[1][0][-1]
            states, _ = self.decoder(code.unsqueeze(1).expand(-1, x.shape[1], -1))
            return self.last(states)

    net = Net()
    adam = torch.optim.Adam(net.parameters(), lr=rate)
    pairs = TensorDataset(torch.from_numpy(noisy), torch.from_numpy(clean))
    loader = DataLoader(pairs, batch_size=size.batch, shuffle=True)

    def restore(x: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return net(torch.from_numpy(x)).numpy()

    while True:
        for x, y in loader:
            adam.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
        yield restore


def keras_epochs(
    size: Size, noisy: np.ndarray, clean: np.ndarray, rate: float = RATE
) -> Iterator[Callable[[np.ndarray], np.ndarray]]:
    """Do the same by `fit`, which compiles a step for JAX."""
    import keras  # pyright: ignore[reportMissingImports] - installed only for this

    keras.utils.set_random_seed(0)
    net = keras.Sequential(
        [
            keras.Input((size.steps, 1)),
            keras.layers.LSTM(size.hidden),
            keras.layers.RepeatVector(size.steps),
            keras.layers.LSTM(size.hidden, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer=keras.optimizers.Adam(rate, clipnorm=1.0), loss="mse")
    while True:
        net.fit(noisy, clean, batch_size=size.batch, epochs=1, verbose=0)
        yield lambda x: net.predict(x, batch_size=1024, verbose=0)


def rate_of(epochs: Iterator[Any], n: int, count: int, seconds: float) -> tuple[float, float]:
    """Return how many samples a second are trained on; see `rates`.

    The first epoch warms up; then there are `count`, or as many as begin within some `seconds`, two at least.
    """
    next(epochs)
    moments = [moment()]
    while len(moments) <= 2 or (len(moments) <= count and moments[-1][0] < moments[0][0] + seconds):
        next(epochs)
        moments.append(moment())
    return rates(moments, n)


def moment() -> tuple[float, float]:
    """Return the time by the clock, and that of the processor."""
    return time.perf_counter(), time.process_time()


def rates(moments: list[tuple[float, float]], n: int) -> tuple[float, float]:
    """Return samples a second by the clock, in the fastest epoch, and by the processor's time, over all of them.

    `moments` are those at which epochs of `n` samples ended.
    """
    clock, busy = np.diff(np.array(moments), axis=0).T
    return float(n / clock.min()), float(n / busy.mean())


def seconds_to(
    epochs: Iterator[Callable[[np.ndarray], np.ndarray]], held: Dataset, target: float, most: float
) -> tuple[float | None, int, float]:
    """Return the seconds of training until held-out samples come out with an error of at most `target`; None if never.

    Also after how many epochs that was, and the least error. Looking at it does not count, nor does the first epoch's
    compilation.
    """
    spent, least, number = 0.0, np.inf, 0
    while spent < most:
        began = time.perf_counter()
        restore = next(epochs)
        took, number = time.perf_counter() - began, number + 1
        spent += took
        if number == 2 and took < (first := spent - took):
            spent -= first - took  # of the first, what a later one takes
        least = min(least, error(restore(held.values), held.clean))
        if least <= target:
            return spent, number, least
    return None, number, least


def has_keras() -> bool:
    """Whether Keras and JAX are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("keras", "jax"))


class Keras:
    """Keras in a process of its own: JAX's threads would go on beside what is measured here.

    It waits between questions. What was compiled for a net is kept: to ask for a rate again measures no compilation.
    """

    def __init__(self) -> None:
        environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-m", "tests.benchmarks._rivals"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)

    def ask(self, question: str, **values: Any) -> Any:
        """Return what `answer` says."""
        given, said = self._process.stdin, self._process.stdout
        assert given is not None and said is not None
        print(json.dumps([question, values]), file=given, flush=True)
        line = said.readline()
        if not line:
            raise RuntimeError(f"Keras ended with {self._process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


_trainings: dict[Size, Iterator[Any]] = {}


def answer(question: str, values: dict[str, Any]) -> Any:
    """Measure Keras: its "rate" at a size, or the "seconds" to a target."""
    if question == "rate":
        size = Size(values["hidden"], values["steps"], values["batch"])
        if size not in _trainings:
            data = waves(size.steps, values["n"])
            _trainings[size] = keras_epochs(size, data.values, data.clean)
        return rate_of(_trainings[size], values["n"], values["count"], values["seconds"])
    data = make("sines")
    train, held = data.part("train"), data.part("validation")
    size = Size(4, 50, values["batch"])
    return seconds_to(keras_epochs(size, train.values, train.clean), held, values["target"], values["most"])


if __name__ == "__main__":
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):  # Keras may have something to say
            found = answer(*json.loads(line))
        print(json.dumps(found), flush=True)
