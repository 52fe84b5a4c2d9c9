"""How many samples a second the case study's net trains on, against plain torch and Keras on JAX in the same run.

The net has 4 or 64 units, the waves 50 or 500 steps, a batch 32 or 128 samples: "h4_b128" are 4 units, 128 samples and
50 steps, "h64_b32_t500" 64 units, 32 samples and 500 steps. Each rate is that of the fastest epoch after the first, of
20 or of those within four seconds; all take turns, twice. "busy" is per second of the processor's time over all these
epochs, which the load of other programs leaves as it is. Rivals are what one would write by hand: the same net, batch
size, clipping and one thread in torch by a `DataLoader` and Adam; Keras by `fit` with as many threads as it likes,
where it is installed (``pip install "latentscape[benchmarks]"``).

"to_the_error" are the seconds of training until the noise of held-out waves falls by 16 dB, as the case study has it;
null where it never does within a minute and a half. "in_window_ratio" is the rate of the case study's model inside the
real window, with its snapshots, map and curves, over that of the same training without a window, by the clock: the
median of ten short stretches of each, taken in turn. "in_window_busy_ratio" is the same of epochs per second of the
processor's time, that of the process that trains.

All of it takes seven minutes; ``--sizes h4_b32 h64_b32`` measures no more than those, ``--parts in_window`` one part.
"""

from __future__ import annotations

import math
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data.generated import make
from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
from explorer.training.history import Epoch
from tests.benchmarks._measure import main, tell
from tests.benchmarks._rivals import Keras, Size, has_keras, moment, rate_of, rates, seconds_to, torch_epochs, waves

SIZES = [Size(h, t, b) for h in (4, 64) for t in (50, 500) for b in (32, 128)]
PARTS = ("sizes", "to_the_error", "in_window")
EPOCHS, SECONDS = 20, 4.0
GAIN_DB = 16.0
MOST = 90.0
PAIRS, SETTLE, STRETCH = 10, 0.4, 1.5


def measure(quick: int = 0, sizes: Sequence[str] = (), parts: Sequence[str] = ()) -> dict[str, Any]:
    """Measure every size, the time to the error, and the window, or what is asked for of these.

    Quick: with the fewest samples that tell something.
    """
    figures: dict[str, Any] = {}
    parts = parts or (("sizes",) if sizes else PARTS)
    keras = Keras() if has_keras() else None
    try:
        for size in SIZES if "sizes" in parts else ():
            if size.name in sizes or not sizes:
                figures[size.name] = _rates(size, quick, keras)
                tell(size.name, figures[size.name])
        if "to_the_error" in parts:
            figures["to_the_error"] = _to_the_error(30.0 if quick else MOST, keras)
            tell("to_the_error", figures["to_the_error"])
    finally:
        if keras is not None:
            keras.close()
    if "in_window" in parts:
        figures.update(in_window(3 if quick else PAIRS))
    return figures


class Stopwatch:
    """The progress of a training: takes the time at each epoch, and stops it after `most`, or some seconds."""

    def __init__(self, most: int, seconds: float = np.inf, least: int = 1) -> None:
        self.times: list[tuple[float, float]] = [moment()]
        self._most, self._seconds, self._least = most, seconds, least

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Take the time."""
        if isinstance(payload, Epoch):
            self.times.append(moment())

    def cancelled(self) -> bool:
        """Whether it is enough."""
        epochs = len(self.times) - 1
        enough = epochs >= self._least and time.perf_counter() > self.times[1][0] + self._seconds
        return epochs >= self._most or enough


def _rates(size: Size, quick: int, keras: Keras | None) -> dict[str, float]:
    n = max(size.batch * 4, (4096 if size.hidden == 4 else 1024) * 50 // size.steps)
    n, count, seconds = (max(size.batch * 2, n // 4), 4, 1.0) if quick else (n, EPOCHS, SECONDS)
    data = waves(size.steps, n)
    model = LSTMAutoencoder(
        hidden=size.hidden, latent_dim=size.hidden, batch_size=size.batch, epochs=1 + count, patience=0
    )
    plain = torch_epochs(size, data.values, data.clean)
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "torch": [], "keras": []}
    for _ in range(2):  # in turn: a machine is not equally fast at all times
        watch = Stopwatch(1 + count, seconds, least=3)
        model.fit(data, progress=watch)
        found["ours"].append(rates(watch.times[1:], n))
        found["torch"].append(rate_of(plain, n, count, seconds))
        if keras is not None:
            asked = {"hidden": size.hidden, "steps": size.steps, "batch": size.batch}
            found["keras"].append(keras.ask("rate", **asked, n=n, count=count, seconds=seconds))
    best = {name: np.max(each, axis=0) for name, each in found.items() if each}
    row: dict[str, float] = {"samples_per_second": round(best["ours"][0])}
    for name in [name for name in best if name != "ours"]:
        ratio, busy = (best["ours"] / best[name]).round(2).tolist()
        row |= {f"ratio_to_{name}": ratio, f"busy_ratio_to_{name}": busy}
    return row


def _to_the_error(most: float, keras: Keras | None) -> dict[str, Any]:
    data = make("sines")
    train, held = data.part("train"), data.part("validation")
    target = float(np.mean((held.values - held.clean) ** 2)) / 10 ** (GAIN_DB / 10)
    batch = LSTMAutoencoder().batch_size
    found = {
        "ours": seconds_to(_our_epochs(), held, target, most),
        "torch": seconds_to(torch_epochs(Size(4, 50, batch), train.values, train.clean), held, target, most),
    }
    if keras is not None:
        found["keras"] = tuple(keras.ask("seconds", batch=batch, target=target, most=most))
    return {
        "target_mse": round(target, 5),
        **{f"{name}_seconds": None if taken is None else round(taken, 2) for name, (taken, _, _) in found.items()},
        **{f"{name}_epochs": number for name, (_, number, _) in found.items()},
        **{f"{name}_mse": round(least, 5) for name, (_, _, least) in found.items()},
    }


def _our_epochs() -> Iterator[Any]:
    """Yield after every epoch of the case study's training what reconstructs samples by then."""
    import queue

    model, turns, done = LSTMAutoencoder(), queue.Queue(), queue.Queue()
    data = make("sines")

    class Turns:
        """Lets the training go on only when the next epoch is asked for."""

        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            if isinstance(payload, Epoch):
                done.put(model.reconstruct)
                turns.get()

        def cancelled(self) -> bool:
            return False

    def work() -> None:
        turns.get()
        model.fit(data, progress=Turns())
        done.put(None)

    threading.Thread(target=work, daemon=True).start()
    while True:
        turns.put(True)
        restore = done.get()
        if restore is None:  # it has ended: what it then is, is not better than before
            while True:
                yield model.reconstruct
        yield restore


def in_window(pairs: int) -> dict[str, float]:
    """Return the rate inside the window over that without one: each for a second and a half, in turn, so many times."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from explorer.app import set_environment
    from tests.benchmarks.drag import Bench

    set_environment()
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENTSCAPE_HOME"] = home
        bench = Bench()
        headless, inside = Headless(), Inside(bench)
        try:
            found = np.array([(headless.stretch(), inside.stretch()) for _ in range(pairs + 1)][1:])
        finally:
            headless.close()
            inside.close()
            bench.window.close()
    n = len(make("sines").part("train"))
    ratio, busy = np.median(found[:, 1] / found[:, 0], axis=0)
    without, within = n * np.median(found[:, :, 0], axis=0)
    return {
        "in_window_ratio": round(ratio, 3),
        "in_window_busy_ratio": round(busy, 3),
        "headless_samples_per_second": round(without),
        "in_window_samples_per_second": round(within),
    }


class Headless:
    """The case study's training without a window, which goes on only while it is measured."""

    def __init__(self) -> None:
        self._go, self._over = threading.Event(), False
        self._moments = [(0.0, 0.0)]
        model = LSTMAutoencoder(epochs=100_000, patience=0)
        self._thread = threading.Thread(target=lambda: model.fit(make("sines"), progress=self))
        self._thread.start()

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Take the time of an epoch, and wait until it is to go on."""
        if isinstance(payload, Epoch):
            self._moments.append((time.perf_counter(), time.thread_time()))
            self._go.wait()

    def cancelled(self) -> bool:
        """Whether all was measured."""
        return self._over

    def stretch(self) -> tuple[float, float]:
        """Return the epochs of a second by the clock, and of one of the processor."""
        self._go.set()
        time.sleep(SETTLE)
        first = len(self._moments) - 1
        time.sleep(STRETCH)
        last = len(self._moments) - 1
        self._go.clear()
        clock, busy = np.subtract(self._moments[last], self._moments[first])
        return (last - first) / clock, (last - first) / busy

    def close(self) -> None:
        """End it."""
        self._over = True
        self._go.set()
        self._thread.join()


class Inside:
    """The same in the window, paused while it is not measured."""

    def __init__(self, bench: Any) -> None:
        self._bench, self._trainer = bench, bench.controller.trainer
        self._moments: list[tuple[float, float, int]] = []
        self._trainer.progress.connect(self._hear)
        self._trainer.start("lstm-autoencoder", {"epochs": 100_000, "patience": 0}, None)
        bench.wait(lambda: len(self._moments) > 20)
        self._trainer.pause()

    def _hear(self, update: Any, _: object) -> None:
        self._moments.append((time.perf_counter(), self._worked(), update.epoch.number))

    def _worked(self) -> float:
        """Return the seconds of the processor that the worker has taken; not a number where the system does not say."""
        process = self._trainer._job.lane._process
        try:
            told = Path(f"/proc/{process.processId()}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return math.nan
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def stretch(self) -> tuple[float, float]:
        """Return the epochs of a second by the clock, and of one of the worker's processor time."""
        self._trainer.resume()
        self._live(SETTLE)
        first = len(self._moments) - 1
        self._live(STRETCH)
        *took, epochs = np.subtract(self._moments[-1], self._moments[first])
        self._trainer.pause()
        self._live(SETTLE)
        return epochs / took[0], epochs / took[1]

    def _live(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        self._bench.wait(lambda: time.perf_counter() > end)

    def close(self) -> None:
        """End it."""
        self._trainer.progress.disconnect(self._hear)
        self._trainer.cancel()
        self._bench.wait(lambda: not self._trainer.running)


if __name__ == "__main__":
    choices = {"sizes": [size.name for size in SIZES], "parts": PARTS}
    main(__doc__ or "", measure, choices=choices, quick="1: with few samples, to try it")
