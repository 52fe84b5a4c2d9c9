"""Who wants to hear of a change: signals of the core, which knows no Qt.

psygnal does this and more, but its import takes a tenth of the time in which the window must be there.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import MethodType
from typing import Any

_VARARGS = 0x04


class Signal:
    """An event of a class, declared as an attribute: ``run_changed = Signal(int)``. Each instance has its own.

    Parameters
    ----------
    *types : type
        Of the values that are emitted, for those who read.

    Notes
    -----
    A listener that is a bound method is held weakly, so that hearing of a change keeps nobody alive; a listener may
    take fewer arguments than are emitted. What a listener raises reaches the emitter.
    """

    def __init__(self, *types: type) -> None:
        self.types = types

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_signal_{name}"

    def __get__(self, instance: object, owner: type | None = None) -> BoundSignal:
        if instance is None:
            raise AttributeError("a signal belongs to an instance")
        bound = instance.__dict__.get(self._name)
        if bound is None:
            bound = instance.__dict__[self._name] = BoundSignal()
        return bound


class BoundSignal:
    """The signal of one instance."""

    def __init__(self) -> None:
        self._listeners: list[tuple[Callable[[], Callable[..., Any] | None], int | None]] = []

    def connect(self, listener: Callable[..., Any]) -> None:
        """Call `listener` at every `emit`, in the order of connection."""
        held = weakref.WeakMethod(listener) if isinstance(listener, MethodType) else lambda: listener
        self._listeners.append((held, _takes(listener)))

    def disconnect(self, listener: Callable[..., Any]) -> None:
        """Call `listener` no more."""
        self._listeners = [entry for entry in self._listeners if entry[0]() != listener]

    def emit(self, *values: Any) -> None:
        """Tell all listeners."""
        gone = False
        for held, count in tuple(self._listeners):
            listener = held()
            if listener is None:
                gone = True
            else:
                listener(*values[:count])
        if gone:
            self._listeners = [entry for entry in self._listeners if entry[0]() is not None]


def _takes(listener: Callable[..., Any]) -> int | None:
    """Return how many arguments a listener takes; None where it takes any, or does not tell."""
    code = getattr(listener, "__code__", None)
    if code is None or code.co_flags & _VARARGS:
        return None
    return code.co_argcount - (1 if isinstance(listener, MethodType) else 0)
