"""A file that does not fit is refused in our words, at the key, with the mend."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from pydantic import Field

from tilsyn.errors import InputError
from tilsyn.parsing import parse_toml
from tilsyn.records import Record, build


class Inner(Record):
    rooms: int = Field(ge=1, le=9)
    opened: dt.date | None = None


class One(Record):
    kind: Literal["one"]
    share: Decimal = Field(default=Decimal(1), gt=0, lt=100)


class Two(Record):
    kind: Literal["two"]
    names: tuple[str, ...] = Field(min_length=1)


class Outer(Record):
    title: str = Field(default="t", pattern="^[a-z]$")
    ready: bool = False
    inner: tuple[Inner, ...] = ()
    place: Inner | None = None
    choice: Annotated[One | Two, Field(discriminator="kind")] | None = None
    more: dict[str, int] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rooms = 1", r"f, rooms: this key does not belong here. It belongs under \[\[inner\]\] or under \[place\]"),
        ("[place]\nrooms = 1\ntitle = 'a'", "place, title: this key does not belong here. It belongs at the top"),
        ("room = 1", r"room: unknown key; did you mean 'rooms'\? It belongs under \[\[inner\]\] or under \[place\]"),
        ("[[inner]]\nroms = 1", r"inner 1, roms: unknown key; did you mean 'rooms'\?$"),
        ("[choice]\nkind = 'one'\nnames = ['x']", r"names: this key does not belong here. It belongs to another kind of \[choice\]"),
        ("[choice]\nkind = 'one'\nshar = 2", r"did you mean 'share'\?$"),
        ("zzzz = 1", "unknown key; remove it"),
        ("[place]\n", "place, rooms: this key is missing"),
        ("[place]\nrooms = 'x'", "a whole number is wanted, not 'x'"),
        ("[place]\nrooms = 1.5", "a whole number is wanted"),
        ("[place]\nrooms = 0", "must be at least 1, not 0"),
        ("[place]\nrooms = 10", "must be at most 9, not 10"),
        ("[place]\nrooms = 1\nopened = 'May'", "a date is wanted, written 2022-05-15, not 'May'"),
        ("title = 3", "a text is wanted, not 3; put it in quotation marks"),
        ("title = 'ABC'", "'ABC' is not written as it must be"),
        ("ready = 'maybe'", "true or false is wanted, not 'maybe'"),
        ("inner = 3", "a list is wanted"),
        ("[[inner]]\nrooms = 0", "inner 1, rooms: must be at least 1, not 0$"),
        ("place = 3", "a table is wanted, not 3"),
        ("more = 3", "a table is wanted, not 3"),
        ("[choice]\nkind = 'three'", "'kind' must be 'one', 'two', not 'three'"),
        ("[choice]\n", "'kind' is missing"),
        ("[choice]\nkind = 'one'\nshare = nan", "a number is wanted"),
        ("[choice]\nkind = 'one'\nshare = 100.5", "must be less than 100, not 100.5"),
        ("[choice]\nkind = 'two'\nnames = []", "must hold at least 1"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_told_in_words(text, said):
    with pytest.raises(InputError, match=said) as refused:
        build(Outer, parse_toml(text.encode(), file="f"), file="f")
    assert not any(raw in str(refused.value) for raw in ("Input should", "type=", "pydantic"))
    assert refused.value.said("da") != refused.value.said("en") == refused.value.message
