"""Plug-ins: adding a file to a folder adds the feature.

A `Registry` lists the modules of a package by name without importing them, so that torch (and whatever else a
plug-in needs) stays unloaded until one is used. Other distributions add to it by an entry point. A plug-in that
fails to import is listed with its reason, never skipped in silence.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from explorer.errors import InputError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")


class Registry(Generic[T]):
    """The classes of one kind, by name.

    Parameters
    ----------
    kind : str
        What they are called in messages: ``"model"``.
    package : str
        The package whose modules each define one: ``explorer.models.recipes``. The module ``lstm_autoencoder``
        is called ``lstm-autoencoder``.
    base : type
        What the class derives from; a module may define one public class of it.
    group : str
        Entry-point group by which other distributions add theirs.
    """

    def __init__(self, kind: str, package: str, base: type[T], group: str) -> None:
        self.kind, self.package, self.base, self.group = kind, package, base, group

    @cached_property
    def _modules(self) -> dict[str, str]:
        paths = importlib.import_module(self.package).__path__
        return {
            info.name.replace("_", "-"): f"{self.package}.{info.name}"
            for info in pkgutil.iter_modules(paths)
            if not info.name.startswith("_")
        }

    @cached_property
    def _entry_points(self) -> dict[str, EntryPoint]:
        from importlib.metadata import entry_points  # costs as much as the rest of the window's imports of its own

        return {point.name: point for point in entry_points(group=self.group)}

    def names(self) -> list[str]:
        """Return every name, sorted; nothing is imported."""
        return sorted({*self._modules, *self._entry_points})

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __contains__(self, name: str) -> bool:
        return name in self._modules or name in self._entry_points

    def load(self, name: str) -> type[T]:
        """Import and return the class called `name`.

        Raises
        ------
        InputError
            If there is none of that name (the message lists those there are), or it fails to import.
        """
        if name not in self:
            raise InputError(
                f"there is no {self.kind} called '{name}'", remedy=f"Choose one of: {', '.join(self.names())}"
            )
        try:
            found = self._from_module(name) if name in self._modules else self._entry_points[name].load()
        except Exception as reason:
            raise InputError(
                f"the {self.kind} '{name}' cannot be loaded: {type(reason).__name__}: {reason}"
            ) from reason
        if not (isinstance(found, type) and issubclass(found, self.base)):
            raise InputError(f"the {self.kind} '{name}' is not a {self.base.__name__}")
        return found

    def _from_module(self, name: str) -> object:
        module = importlib.import_module(self._modules[name])
        classes = [
            value
            for key, value in vars(module).items()
            if isinstance(value, type)
            and issubclass(value, self.base)
            and value.__module__ == module.__name__
            and not key.startswith("_")
        ]
        if len(classes) != 1:
            raise ImportError(f"defines {len(classes)} public {self.base.__name__} classes instead of one")
        return classes[0]

    def load_all(self) -> tuple[dict[str, type[T]], dict[str, str]]:
        """Return the classes by name, and for those that fail to load the reason by name."""
        loaded: dict[str, type[T]] = {}
        failed: dict[str, str] = {}
        for name in self.names():
            try:
                loaded[name] = self.load(name)
            except InputError as reason:
                failed[name] = str(reason)
        return loaded, failed

    def name_of(self, cls: type) -> str:
        """Return the name under which a class is registered.

        Raises
        ------
        InputError
            If it is not registered.
        """
        for name, module in self._modules.items():
            if module == cls.__module__:
                return name
        for name, point in self._entry_points.items():
            if point.value == f"{cls.__module__}:{cls.__qualname__}":
                return name
        raise InputError(f"{cls.__qualname__} is not a registered {self.kind}")
