"""Parameters, declared once.

A plug-in (recipe, reader, generated set, corruption) is a keyword-only dataclass whose fields carry a `Param`::

    @dataclass(kw_only=True, eq=False, repr=False)
    class Gaussian(Corruption):
        strength: Annotated[float, Param("Standard deviation of the noise.", ge=0, le=10, unit="σ")] = 0.3

From these one declaration come the validation, the form in the window, the flags of the command line, the JSON in
the project file and the tables of the guide.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from explorer.errors import InputError


@dataclass(frozen=True)
class Param:
    """What is known of a parameter beside its type and default.

    Parameters
    ----------
    help : str
        One line for people, with a full stop.
    ge, gt, le, lt : float, optional
        Bounds, inclusive or exclusive; of every element where the parameter is a tuple.
    unit : str
        Shown behind the value: ``"Hz"``, ``"steps"``.
    advanced : bool
        Folded away in the form.
    log : bool
        A slider or spin box steps by factors, as for a learning rate.
    label : str
        What the form calls it; the name in words where empty.
    file : bool
        The text is the path of a file to read: the form has a button that chooses one.
    late : bool
        Comes after the others of its kind: what many plug-ins have in common.
    """

    help: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    unit: str = ""
    advanced: bool = False
    log: bool = False
    label: str = ""
    file: bool = False
    late: bool = False


@dataclass(frozen=True)
class Parameter:
    """One declared parameter of a class: its name, type, default and `Param`."""

    name: str
    type: Any
    default: Any
    param: Param

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.param.label or self.name.replace("_", " ").capitalize()

    @property
    def optional(self) -> bool:
        """Whether None is allowed."""
        return NoneType in get_args(self.type)

    @property
    def kind(self) -> type:
        """The plain type: int, float, bool, str or tuple; str for a choice."""
        inner = _without_none(self.type)
        origin = get_origin(inner)
        return str if origin is Literal else (origin or inner)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice, empty where it is none."""
        inner = _without_none(self.type)
        return get_args(inner) if get_origin(inner) is Literal else ()

    def convert(self, value: Any) -> Any:
        """Return `value` (a Python value, JSON or a flag's text) as a valid value of this parameter.

        Raises
        ------
        InputError
            If it is of the wrong type or out of bounds.
        """
        if isinstance(value, str):
            value = self._from_text(value.strip())
        if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a numpy scalar
            value = value.item()
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        try:
            converted = msgspec.convert(value, _constrained(self.type, self.param), strict=False)
        except msgspec.ValidationError as reason:
            reading = re.sub(r"^Expected `(\w+)`", r"expected \1", str(reason)).replace("`", "")
            raise InputError(f"'{self.name}' cannot be {value!r}: {reading}", remedy=self._remedy()) from None
        if isinstance(converted, float) and not math.isfinite(converted):
            raise InputError(f"'{self.name}' cannot be {value!r}: it is not finite", remedy=self._remedy())
        return converted

    def _from_text(self, text: str) -> Any:
        if self.optional and text.lower() in ("none", "auto", ""):
            return None
        if self.kind is tuple:
            return [part for part in re.split(r"[,\s×x]+", text.strip("()[]")) if part]
        if self.kind is float and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
            return float(text)  # msgspec reads JSON's numbers only: not .5 nor +1
        return text

    def _remedy(self) -> str:
        if self.choices:
            return f"Choose one of: {', '.join(map(str, self.choices))}"
        bounds = [
            f"{sign} {bound:,.10g}"
            for sign, bound in (
                ("≥", self.param.ge),
                (">", self.param.gt),
                ("≤", self.param.le),
                ("<", self.param.lt),
            )
            if bound is not None
        ]
        kind = {int: "a whole number", float: "a number", bool: "true or false", tuple: "numbers with commas"}
        return " ".join(["Give", kind.get(self.kind, "text"), " and ".join(bounds)]).strip()


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return next(arg for arg in get_args(hint) if arg is not NoneType)
    return hint


def _constrained(hint: Any, param: Param) -> Any:
    """Return the type with the bounds in it, as msgspec reads them."""
    inner = _without_none(hint)
    if inner is not hint:
        return Union[_constrained(inner, param), None]  # noqa: UP007 - built at run time
    if get_origin(hint) is tuple:
        return tuple[_constrained(get_args(hint)[0], param), ...]
    bounds: dict[str, Any] = {
        key: getattr(param, key) for key in ("ge", "gt", "le", "lt") if getattr(param, key) is not None
    }
    if hint is int:
        bounds = {key: int(bound) for key, bound in bounds.items()}
    return Annotated[hint, msgspec.Meta(**bounds)] if bounds and hint in (int, float) else hint


@cache
def parameters(cls: type) -> tuple[Parameter, ...]:
    """Return the declared parameters of a dataclass, the plain ones before the advanced.

    Fields without a `Param` are not parameters.
    """
    hints = get_type_hints(cls, include_extras=True)
    found = []
    for field in dataclasses.fields(cls):
        annotated = hints[field.name]
        if get_origin(annotated) is not Annotated:
            continue
        inner, *extras = get_args(annotated)
        param = next((extra for extra in extras if isinstance(extra, Param)), None)
        if param is None:
            continue
        found.append(Parameter(field.name, inner, field.default, param))
    return tuple(sorted(found, key=lambda parameter: (parameter.param.advanced, parameter.param.late)))


def validate(cls: type, values: Mapping[str, Any], *, owner: str = "") -> dict[str, Any]:
    """Return `values` converted to what `cls` declares.

    Raises
    ------
    InputError
        If a name is not declared, or a value does not fit.
    """
    declared = {parameter.name: parameter for parameter in parameters(cls)}
    for name in values:
        if name not in declared:
            raise InputError(
                f"{owner or cls.__name__} has no parameter '{name}'",
                remedy=f"It has: {', '.join(declared) or 'none'}",
            )
    return {name: declared[name].convert(value) for name, value in values.items()}


def make_method(methods: Mapping[str, type], name: str, values: Mapping[str, Any] | None, kind: str) -> Any:
    """Return one of several ways to do a thing, made with parameters that it declares.

    Raises
    ------
    InputError
        If there is none of that name, or a parameter is not declared or does not fit.
    """
    if name not in methods:
        raise InputError(f"there is no {kind} '{name}'", remedy=f"Choose one of: {', '.join(methods)}")
    return methods[name](**validate(methods[name], values or {}, owner=f"the {kind} '{name}'"))


def values_of(instance: Any) -> dict[str, Any]:
    """Return the declared parameters of a plug-in with the values it has now."""
    return {parameter.name: getattr(instance, parameter.name) for parameter in parameters(type(instance))}
