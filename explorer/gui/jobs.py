"""Everything that runs beside the window. No other module of the window starts a thread or a process.

Work runs in worker processes (`explorer.workspace.worker`), one for each lane: what the hand waits for ("hand"), what
a person waits for ("work"), what looks long at a run while they go on ("study"), the training ("train"), and what is
heard ("sound"). So nothing that computes shares the window's interpreter lock, and torch is not loaded here. A frozen
request goes in, a frozen result comes out, on the GUI thread. Compiled kernels that let go of that lock, and want the
window's own arrays, run on a thread beside it (`Beside`).
"""

from __future__ import annotations

import gc
import itertools
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Qt, QTimer, Signal
from shiboken6 import isValid

from explorer import errors
from explorer.errors import InputError
from explorer.progress import TimeLeft

if TYPE_CHECKING:
    from explorer.workspace.codec import Decoder, Encoder

Lane = Literal["hand", "work", "study", "train", "sound"]
LANES: tuple[Lane, ...] = get_args(Lane)
OnResult = Callable[[Any], None]
OnError = Callable[[Exception], None]
OnProgress = Callable[[float, str, Any, "float | None"], None]

UNHEARD_MS = 1000
"""How long a job may go on after it was cancelled, where it is deep in a library that does not listen."""
_MANY_MODULES = 50
"""More modules than these, imported at once, are a library."""


class WorkerError(RuntimeError):
    """Something unforeseen in a worker; `details` is for a report of the bug."""

    def __init__(self, problem: str, remedy: str, details: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.details = problem, remedy, details


@dataclass(eq=False)
class Job:
    """A request under way. `pause` and `resume` are heard at its next progress report, `cancel` within a second."""

    id: int
    lane: _Lane
    task: str
    request: Any
    payload: type | None
    on_result: OnResult | None
    on_error: OnError | None
    on_progress: OnProgress | None
    on_cancelled: Callable[[], None] | None
    time_left: TimeLeft = field(default_factory=TimeLeft)
    stale: bool = False
    cancelling: bool = False

    def cancel(self) -> None:
        """Ask it to stop; it leaves what it has. One that only reads and does not listen is ended with its process."""
        self.cancelling = True
        self.lane.cancel(self)

    def pause(self) -> None:
        """Hold it at its next report."""
        self.lane.send({"op": "pause", "job": self.id})

    def resume(self) -> None:
        """Let it go on."""
        self.time_left = TimeLeft()
        self.lane.send({"op": "resume", "job": self.id})

    def drop(self) -> None:
        """Nobody waits for it any more: its result is thrown away."""
        self.stale = True


class _Lane(QObject):
    """One worker process and the jobs that it was given, in their order. It starts with the first."""

    def __init__(self, name: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self.name = name
        self.jobs: dict[int, Job] = {}
        self._process: QProcess | None = None
        self._encoder: Encoder | None = None
        self._decoder: Decoder | None = None
        self._closing = False
        self._dying: list[QProcess] = []
        self._unheard = QTimer(self, singleShot=True, interval=UNHEARD_MS)
        self._unheard.timeout.connect(self._end_unheard)

    def start(self) -> None:
        """Start the process if it does not run, and the window stays."""
        if self._process is not None or self._closing:
            return
        from explorer.workspace.codec import Decoder, Encoder  # not needed before the first paint

        self._encoder, self._decoder = Encoder(), Decoder()
        process = self._process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        environment = QProcessEnvironment.systemEnvironment()
        # A thread pool beside the window's own thread makes small models slower, and the hand wait.
        for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            if not environment.contains(variable):
                environment.insert(variable, "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed, Qt.ConnectionType.QueuedConnection)
        frozen = getattr(sys, "frozen", False)
        own = [] if frozen else ["-m", "explorer"]
        # The hand and the window come first where the cores are few; what takes long takes what they leave.
        modest = ["--modest"] if self.name in ("study", "train") else []
        process.start(sys.executable, [*own, "--worker", *modest])

    def send(self, message: dict[str, Any]) -> None:
        """Send a message, if the process runs."""
        if self._process is not None and self._encoder is not None:
            self._process.write(self._encoder.encode(message))

    def submit(self, job: Job) -> None:
        """Give the process a job."""
        self.start()
        self.jobs[job.id] = job
        self._send_job(job)

    def _send_job(self, job: Job) -> None:
        self.send({"op": "run", "job": job.id, "task": job.task, "request": job.request})

    def cancel(self, job: Job) -> None:
        """Tell the process that a job is not wanted, and see to it that it ends."""
        self.send({"op": "cancel", "job": job.id})
        self._watch()

    def _watch(self) -> None:
        """Give the job in hand a while to hear that it was cancelled; those behind it are not even begun."""
        from explorer.workspace.tasks import KEEPERS

        job = next(iter(self.jobs.values()), None)
        if job is None or not job.cancelling or job.task in KEEPERS:
            self._unheard.stop()
        elif not self._unheard.isActive():
            self._unheard.start()

    def _end_unheard(self) -> None:
        """End the process over a job that does not listen, and send the others to a new one."""
        self._read()  # it may have ended meanwhile, and nobody has looked yet
        job = next(iter(self.jobs.values()), None)
        process = self._process
        if process is None or job is None or not job.cancelling:
            return
        process.readyReadStandardOutput.disconnect(self._read)
        process.finished.disconnect(self._ended)
        process.errorOccurred.disconnect(self._failed)
        process.finished.connect(self._bury)
        self._dying.append(process)
        self._process = None
        process.kill()
        jobs, self.jobs = list(self.jobs.values()), {}
        wanted = [job for job in jobs if not job.cancelling]
        if wanted:
            self.start()
        for job in wanted:
            self.jobs[job.id] = job
            self._send_job(job)
        for job in jobs:
            if job.cancelling and job.on_cancelled and not job.stale:
                job.on_cancelled()

    def _bury(self) -> None:
        for process in [process for process in self._dying if process.state() == QProcess.ProcessState.NotRunning]:
            self._dying.remove(process)
            process.deleteLater()

    def _read(self) -> None:
        if self._process is None or self._decoder is None:
            return
        for message in self._decoder.feed(bytes(self._process.readAllStandardOutput().data())):
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        from explorer.workspace.codec import build
        from explorer.workspace.tasks import types_of

        job = self.jobs.get(message["job"])
        if job is None:
            return
        if message["op"] == "progress":
            if job.on_progress and not job.stale:
                fraction = message["fraction"] if message["fraction"] is not None else float("nan")
                payload = message["payload"]
                if payload is not None and job.payload is not None:
                    payload = build(job.payload, payload)
                job.on_progress(fraction, message["message"], payload, job.time_left.update(fraction))
            return
        del self.jobs[job.id]
        self._unheard.stop()
        self._watch()
        if job.stale:
            return
        if message["op"] == "result":
            if job.on_result:
                job.on_result(build(types_of(job.task)[1], message["value"]))
        elif message["op"] == "cancelled":
            if job.on_cancelled:
                job.on_cancelled()
        elif job.on_error:
            job.on_error(_error(message))

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._lose(
                f"the process that does the work cannot be started: {self._process.errorString()}",
                f"Check that {sys.executable} may be executed",
            )

    def _ended(self) -> None:
        self._lose(
            "the process that did the work ended unexpectedly",
            "It may have run out of memory: try a smaller model, batch or data set",
        )

    def _lose(self, problem: str, remedy: str) -> None:
        """Tell those who wait that the process is gone; the next job starts another."""
        process, self._process = self._process, None
        self._unheard.stop()
        if process is not None:
            process.deleteLater()
        jobs, self.jobs = list(self.jobs.values()), {}
        if self._closing:
            return
        for job in jobs:
            if job.on_error and not job.stale:
                job.on_error(WorkerError(problem, remedy, f"task {job.task}, lane {self.name}"))

    def close(self, milliseconds: int) -> None:
        """End the process: it cancels what it has in hand and leaves; killed if it takes too long."""
        self._closing = True
        self._unheard.stop()
        for dying in self._dying:
            dying.waitForFinished(1000)
        process = self._process
        if process is None:
            return
        process.closeWriteChannel()
        if not process.waitForFinished(milliseconds):
            process.kill()
            process.waitForFinished(1000)
        self._process = None


class Jobs(QObject):
    """Hands requests to workers and results back, on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, _Lane] = {name: _Lane(name, self) for name in LANES}
        self._ids = itertools.count(1)
        self._flying: dict[str, Job] = {}
        self._waiting: dict[str, Callable[[], Job]] = {}

    def submit(
        self,
        task: str,
        request: Any,
        *,
        lane: Lane = "work",
        payload: type | None = None,
        on_result: OnResult | None = None,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Queue a task.

        Parameters
        ----------
        task : str
            A name in `explorer.workspace.tasks.TASKS`.
        request : msgspec.Struct
            What that task takes.
        lane : str
            The worker that does it, after what it was given before.
        payload : type, optional
            Of the payloads of its progress reports.
        on_result, on_error, on_progress, on_cancelled : callable, optional
            Called on the GUI thread: with the result; with an `InputError` or `WorkerError`; with the fraction,
            message, payload and seconds left (None while unknown).
        """
        job = Job(
            next(self._ids), self._lanes[lane], task, request, payload, on_result, on_error, on_progress, on_cancelled
        )
        self._lanes[lane].submit(job)
        return job

    def latest(self, key: str, task: str, request: Any, *, lane: Lane, on_result: OnResult, on_error: OnError) -> None:
        """Do the newest request of a kind: one is in flight, the newest waits, those between are dropped.

        Parameters
        ----------
        key : str
            Names the kind: requests of one key overtake each other.
        task, request, lane, on_result, on_error
            As in `submit`. On the lane "hand" nothing but decoding, so that a hand never waits for other work.
        """

        def launch() -> Job:
            def done(call: Callable[[Any], None], value: Any) -> None:
                # The next one goes off before this one is drawn: the worker computes while the window paints.
                self._next(key)
                call(value)

            return self.submit(
                task,
                request,
                lane=lane,
                on_result=lambda value: done(on_result, value),
                on_error=lambda error: done(on_error, error),
            )

        if key in self._flying:
            self._waiting[key] = launch
        else:
            self._flying[key] = launch()

    def _next(self, key: str) -> None:
        del self._flying[key]
        if launch := self._waiting.pop(key, None):
            self._flying[key] = launch()

    def warm_up(self, lane: Lane, modules: list[str]) -> None:
        """Start a worker and have it import what its first job will need."""
        self._lanes[lane].start()
        self._lanes[lane].send({"op": "warm", "job": 0, "modules": modules})

    def close(self, milliseconds: int = 5000) -> None:
        """End all workers; a training keeps its last snapshot."""
        self._waiting.clear()
        for lane in self._lanes.values():
            lane.close(milliseconds)


class _Bell(QObject):
    """Rung on a thread, heard on the GUI thread. There is one, which outlives whoever waits for it."""

    rung = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rung.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def _hear(self, beside: Beside) -> None:
        beside.hear()


class Beside:
    """Does one piece of work at a time on a thread, for kernels that hold no interpreter lock; the newest waits.

    The thread lives as long as its piece of work. Until it has ended, no garbage is collected: that might end an object
    of the window on the wrong thread. What libraries made that were imported there is left out of every later
    collection: the compilers' would hold the window for fifty milliseconds.

    Parameters
    ----------
    owner : QObject
        Whose work it is: once Qt has deleted it, no more is begun, and no result is taken.
    """

    _bell: ClassVar[_Bell | None] = None
    _running: ClassVar[int] = 0
    _collecting: ClassVar[bool] = True
    _imported: ClassVar[int] = 0

    def __init__(self, owner: QObject) -> None:
        Beside._bell = Beside._bell or _Bell()
        self._owner = owner
        self._thread: threading.Thread | None = None
        self._outcome: tuple[Any, Exception | None] = (None, None)
        self._done: OnResult | None = None
        self._waiting: tuple[Callable[[], Any], OnResult] | None = None

    @property
    def busy(self) -> bool:
        """Whether there is work under way."""
        return self._thread is not None

    def latest(self, work: Callable[[], Any], done: OnResult) -> None:
        """Do `work` on the thread, then `done` with its result here; of what waits, only the newest is done."""
        if self._thread is not None:
            self._waiting = work, done
            return
        self._done = done
        if not Beside._running:
            Beside._collecting = gc.isenabled()
            gc.disable()
            Beside._imported = len(sys.modules)
        Beside._running += 1
        bell = Beside._bell
        assert bell is not None

        def run() -> None:
            try:
                self._outcome = work(), None
            except Exception as error:  # raised again where it is heard
                self._outcome = None, error
            bell.rung.emit(self)

        self._thread = threading.Thread(target=run, name="beside the window")
        self._thread.start()

    def hear(self) -> None:
        """Take the result, on the GUI thread; what waits is begun before it is looked at."""
        if self._thread is None:
            return
        self.wait()
        if not isValid(self._owner):
            self.forget()
        (result, error), done, waiting = self._outcome, self._done, self._waiting
        self._outcome, self._done, self._waiting = (None, None), None, None
        if waiting is not None:
            self.latest(*waiting)
        if error is not None:
            raise error
        if done is not None:
            done(result)

    def wait(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            Beside._running -= 1
            if Beside._collecting and not Beside._running:
                if len(sys.modules) - Beside._imported > _MANY_MODULES:
                    gc.freeze()
                gc.enable()

    def forget(self) -> None:
        """Begin nothing that waits, and throw the result away of what is under way."""
        self._waiting = self._done = None

    def close(self) -> None:
        """Do no more work; what is under way is waited for, and its result thrown away."""
        self.forget()
        self.wait()


def _error(message: dict[str, Any]) -> Exception:
    if message["kind"] == "crash":
        return WorkerError(message["problem"], message["remedy"], message["details"])
    kind = getattr(errors, message["kind"], InputError)
    return kind(message["problem"], source=message["source"], place=message["place"], remedy=message["remedy"])
