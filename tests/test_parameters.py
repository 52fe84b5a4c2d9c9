import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.parameters import Param, parameters, validate, values_of


@dataclass(kw_only=True, eq=False, repr=False)
class Base:
    seed: Annotated[int, Param("Seed.", ge=0, advanced=True)] = 0


@dataclass(kw_only=True, eq=False, repr=False)
class Example(Base):
    count: Annotated[int, Param("How many.", ge=1, le=10, unit="steps")] = 3
    rate: Annotated[float, Param("How fast.", gt=0, lt=1, log=True)] = 0.5
    on: Annotated[bool, Param("Whether.")] = False
    name: Annotated[str, Param("What.", label="Title")] = "x"
    kind: Annotated[Literal["a", "b"], Param("Which.")] = "a"
    sizes: Annotated[tuple[int, ...], Param("Widths.", ge=1)] = (8, 4)
    limit: Annotated[float | None, Param("At most.", ge=0)] = None
    choice: Annotated[Literal["p", "q"] | None, Param("Which, if any.")] = None
    not_one: int = 7


def declared(name: str) -> Any:
    return next(parameter for parameter in parameters(Example) if parameter.name == name)


def test_the_plain_come_before_the_advanced() -> None:
    names = [parameter.name for parameter in parameters(Example)]
    assert names == ["count", "rate", "on", "name", "kind", "sizes", "limit", "choice", "seed"]


def test_what_is_declared_is_known() -> None:
    assert declared("count").kind is int
    assert declared("sizes").kind is tuple
    assert declared("limit").kind is float
    assert declared("limit").optional
    assert not declared("rate").optional
    assert declared("kind").kind is str
    assert declared("kind").choices == ("a", "b")
    assert declared("choice").choices == ("p", "q")
    assert declared("name").label == "Title"
    assert declared("on").label == "On"
    assert values_of(Example(count=5))["count"] == 5


@pytest.mark.parametrize(
    ("name", "given_value", "expected"),
    [
        ("count", "7", 7),
        ("count", np.int64(7), 7),
        ("rate", ".25", 0.25),
        ("rate", "+1e-3", 0.001),
        ("rate", np.float32(0.5), 0.5),
        ("limit", 2, 2.0),
        ("limit", "none", None),
        ("limit", "auto", None),
        ("limit", None, None),
        ("limit", "3", 3.0),
        ("on", "true", True),
        ("on", "False", False),
        ("on", True, True),
        ("kind", " b ", "b"),
        ("choice", "q", "q"),
        ("choice", "", None),
        ("sizes", "64, 32", (64, 32)),
        ("sizes", "(64×32)", (64, 32)),
        ("sizes", [64, 32], (64, 32)),
        ("sizes", (5,), (5,)),
        ("sizes", "", ()),
        ("name", "a, b", "a, b"),
    ],
)
def test_values_text_and_json_are_converted(name: str, given_value: Any, expected: Any) -> None:
    found = declared(name).convert(given_value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("name", "given_value", "said"),
    [
        ("count", 0, "a whole number ≥ 1 and ≤ 10"),
        ("count", 11, "≤ 10"),
        ("count", "many", "a whole number"),
        ("count", 2.5, "a whole number"),
        ("count", None, "'count' cannot be None"),
        ("rate", 0, "> 0 and < 1"),
        ("rate", 1.0, "< 1"),
        ("rate", math.nan, "a number"),
        ("rate", "inf", "a number"),
        ("limit", math.inf, "not finite"),
        ("limit", "inf", "not finite"),
        ("limit", -1, "≥ 0"),
        ("kind", "c", "Choose one of: a, b"),
        ("sizes", "8,0", "numbers with commas"),
        ("sizes", "8,y", "numbers with commas"),
        ("on", "perhaps", "true or false"),
        ("name", 3, "text"),
    ],
)
def test_what_does_not_fit_is_told_with_what_does(name: str, given_value: Any, said: str) -> None:
    with pytest.raises(InputError) as told:
        declared(name).convert(given_value)
    assert said in str(told.value)
    assert name in str(told.value)


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="the model 'm' has no parameter 'cuont'") as told:
        validate(Example, {"cuont": 3}, owner="the model 'm'")
    assert "count, rate" in str(told.value)


@given(value=st.integers())
def test_bounds_of_whole_numbers_hold(value: int) -> None:
    if 1 <= value <= 10:
        assert declared("count").convert(value) == declared("count").convert(str(value)) == value
    else:
        for form in (value, str(value)):
            with pytest.raises(InputError):
                declared("count").convert(form)


@given(value=st.floats())
def test_bounds_of_numbers_hold(value: float) -> None:
    if 0 < value < 1:
        assert declared("rate").convert(value) == declared("rate").convert(repr(value)) == value
    else:
        for form in (value, repr(value)):
            with pytest.raises(InputError):
                declared("rate").convert(form)


@given(
    value=st.one_of(st.none(), st.text(), st.lists(st.integers()), st.booleans(), st.dictionaries(st.text(), st.text()))
)
def test_anything_else_is_converted_or_told(value: Any) -> None:
    for parameter in parameters(Example):
        try:
            found = parameter.convert(value)
        except InputError:
            continue
        assert parameter.convert(found) == found
