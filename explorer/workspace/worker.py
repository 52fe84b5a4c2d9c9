"""The process that does a window's heavy work: it reads requests on stdin and writes results on stdout.

The window imports no torch and shares no interpreter lock with a training, and a crash or an exhausted memory here
takes no window down. When the window ends, however it ends, stdin closes, and the work in hand is cancelled.
"""

from __future__ import annotations

import gc
import importlib
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from explorer.errors import Cancelled, InputError
from explorer.workspace.codec import Decoder, Encoder, build
from explorer.workspace.tasks import TASKS, types_of

REPORT_EVERY = 0.05
"""Seconds between progress reports that say nothing new: more would only keep the window busy."""


class PipeProgress:
    """Progress of one request, told over the pipe; `report` blocks while the person pauses the work.

    Attributes
    ----------
    gone : bool
        Whether it was not the person that cancelled the work, but the window that went.
    """

    def __init__(self, job: int, send: Callable[[dict[str, Any]], None]) -> None:
        self._job, self._send = job, send
        self._cancel, self._resumed = threading.Event(), threading.Event()
        self._resumed.set()
        self._reported, self._message = 0.0, ""
        self.gone = False

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Tell the window, and wait while paused."""
        now = time.monotonic()
        if payload is not None or message != self._message or now - self._reported >= REPORT_EVERY:
            self._reported, self._message = now, message
            known = fraction if fraction == fraction else None
            self._send({"op": "progress", "job": self._job, "fraction": known, "message": message, "payload": payload})
        self._resumed.wait()

    def cancelled(self) -> bool:
        """Whether the window asked to stop, or has gone."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Ask the work to stop, also where it is paused."""
        self._cancel.set()
        self._resumed.set()

    def pause(self, paused: bool) -> None:
        """Hold the work at its next report, or let it go on."""
        if paused:
            self._resumed.clear()
        else:
            self._resumed.set()


class Worker:
    """Does requests one after another; cancel and pause are heard while one is in hand."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._progress: dict[int, PipeProgress] = {}
        self._encoder, self._lock = Encoder(), threading.Lock()
        self._decoder = Decoder()
        self._done: set[str] = set()

    def run(self) -> None:
        """Work until stdin closes."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        while (request := self._requests.get()) is not None:
            self._serve(request)

    def _listen(self) -> None:
        descriptor = self._source.fileno()
        while data := os.read(descriptor, 1 << 20):
            for message in self._decoder.feed(data):
                self._hear(message)
        for progress in list(self._progress.values()):
            progress.gone = True
            progress.cancel()
        self._requests.put(None)

    def _hear(self, message: dict[str, Any]) -> None:
        job = message["job"]
        if message["op"] == "run":
            self._progress[job] = PipeProgress(job, self._send)
            self._requests.put(message)
        elif message["op"] == "warm":
            self._requests.put(message)
        elif progress := self._progress.get(job):
            if message["op"] == "cancel":
                progress.cancel()
            else:
                progress.pause(message["op"] == "pause")

    def _serve(self, message: dict[str, Any]) -> None:
        if message["op"] == "warm":
            for module in message["modules"]:
                importlib.import_module(module)
            _settle_collector()
            return
        job, task = message["job"], TASKS[message["task"]]
        progress = self._progress[job]
        try:
            if progress.cancelled():
                raise Cancelled
            request = build(types_of(message["task"])[0], message["request"])
            answer = {"op": "result", "job": job, "value": task(request, progress)}
        except Cancelled:
            answer = {"op": "cancelled", "job": job}
        except InputError as reason:
            answer = {
                "op": "error", "job": job, "kind": type(reason).__name__, "problem": reason.problem,
                "source": reason.source, "place": reason.place, "remedy": reason.remedy, "details": "",
            }  # fmt: skip
        except MemoryError:
            answer = _crash(job, "there is not enough memory", "Use a smaller model, batch or data set")
        except Exception as reason:
            answer = _crash(job, f"{type(reason).__name__}: {reason}", "Copy the details into a report of the bug")
        finally:
            del self._progress[job]
        self._send(answer)
        if message["task"] not in self._done:
            self._done.add(message["task"])
            _settle_collector()

    def _send(self, message: dict[str, Any]) -> None:
        # Progress may be told from a thread of the task while another message goes out.
        with self._lock:
            try:
                self._sink.write(self._encoder.encode(message))
                self._sink.flush()
            except BrokenPipeError:  # the window has gone: the listener cancels what is in hand
                return


def _settle_collector() -> None:
    """Leave what the libraries made on import out of every later collection, each of which would cost frames."""
    gc.collect()
    gc.freeze()


def _crash(job: int, problem: str, remedy: str) -> dict[str, Any]:
    return {
        "op": "error", "job": job, "kind": "crash", "problem": problem, "source": None, "place": None,
        "remedy": remedy, "details": traceback.format_exc(),
    }  # fmt: skip


def main(*, modest: bool = False) -> int:
    """Serve the window that started this process; a modest worker leaves the cores to others that want them."""
    if modest and hasattr(os, "nice"):
        os.nice(10)
    # What a library prints must not end up between the frames.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Worker(sys.stdin.buffer, sink).run()
    return 0
