"""The numbers a synthetic register is drawn from, as arrays by group (``model.toml``)."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from tilsyn.errors import InputError
from tilsyn.register.coding import ADDS_UP, GROUP_CODES, OFFER_KINDS, VISITATION_CODES
from tilsyn.vocabulary import GROUPS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """What is drawn from. Arrays by group are in published order.

    Attributes:
        municipalities, population: codes, and their share of all persons.
        inflow: share of first episodes by group.
        days, shape: mean length in days and Weibull shape of an episode.
        conversations, offers: a year.
        hours: share of months with hours.
        exempt: share of spells with an exemption.
        follows: group x group: share of next episodes.
        at_once: share of changes of group without a gap.
        visitation: group x visitation code: cumulated share.
        offer_kinds: group x kind: cumulated share.
        types, type_shares: conversation types and their shares.
        closes: by group, the first day (since 1970-01-01) it is no longer formed.
        adds_up: by group, whether days on the benefit add up.
        after_closing: the group that members of a closed one go on in.
        season: twelve factors around 1.
        one: the scalars of the model's head and of its registration table.
        reform: the scalars of its reform table.
        reform_from, duties_from: days (since 1970-01-01).
        held_by_fund, sick: the group the unemployment fund has first; that of the sick.
        under_duty, flexible: the groups with duties; those of which some may be exempted.
    """

    municipalities: Ints
    population: Floats
    inflow: Floats
    days: Floats
    shape: Floats
    conversations: Floats
    offers: Floats
    hours: Floats
    exempt: Floats
    follows: Floats
    at_once: Floats
    visitation: Floats
    offer_kinds: Floats
    types: Ints
    type_shares: Floats
    closes: Ints
    adds_up: npt.NDArray[np.bool_]
    after_closing: int
    season: Floats
    one: dict[str, float]
    reform: dict[str, float]
    reform_from: int
    duties_from: int
    held_by_fund: int
    sick: int
    under_duty: list[int]
    flexible: list[int]


def load() -> Model:
    """The shipped model."""
    here = files(__package__)
    data: dict[str, Any] = tomllib.loads(here.joinpath("model.toml").read_text(encoding="utf-8"))
    people = list(csv.DictReader(here.joinpath("population.csv").read_text().splitlines()))
    # Of a group that the model does not know there is nobody.
    groups = [data["group"].get(code, data["nobody"]) for code in GROUP_CODES]

    def by_group(key: str) -> Floats:
        return np.array([group[key] for group in groups], float)

    follows = np.array(
        [
            [_share(group["next"], other) * (1 - group["again"]) for other in GROUP_CODES]
            for group in groups
        ]
    )
    follows += np.diag(by_group("again"))
    visitation = np.array(
        [[group["visitation"].get(code, 0.0) for code in VISITATION_CODES] for group in groups]
    )
    types = data["conversation_types"]
    population = np.array([float(row["persons"]) for row in people])
    epoch, reform = np.datetime64("1970-01-01"), data["reform"]
    return Model(
        municipalities=np.array([int(row["code"]) for row in people]),
        population=population / population.sum(),
        inflow=by_group("inflow") / by_group("inflow").sum(),
        days=by_group("days"),
        shape=by_group("shape"),
        conversations=by_group("conversations"),
        offers=by_group("offers"),
        hours=by_group("hours"),
        exempt=by_group("exempt"),
        follows=follows,
        at_once=by_group("at_once"),
        visitation=visitation.cumsum(axis=1),
        offer_kinds=_by_kind(data["kinds"], groups).cumsum(axis=1),
        types=np.array([int(code) for code in types]),
        type_shares=np.array(list(types.values())),
        closes=np.array(
            [
                (np.datetime64(GROUPS[code].valid_to or "9999-12-31") - epoch).astype(int)
                for code in GROUP_CODES
            ]
        ),
        adds_up=np.array(ADDS_UP),
        after_closing=_number(data["after_closing"]),
        season=np.array(data["season"]),
        one={k: float(v) for k, v in (data | data["registration"]).items() if _is_number(v)},
        reform={k: float(v) for k, v in reform.items() if _is_number(v)},
        reform_from=_day(reform["from"]),
        duties_from=_day(reform["duties_from"]),
        held_by_fund=_number(reform["held_by_fund"]),
        sick=_number(reform["sick"]),
        under_duty=[_number(code) for code in reform["under_duty"]],
        flexible=[_number(code) for code in reform["flexible"]],
    )


def _day(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days


def _number(group: str) -> int:
    if group not in GROUP_CODES:
        raise InputError(f"made-up registers need the benefit group '{group}', not in your list")
    return GROUP_CODES.index(group)


def _by_kind(kinds: list[str], groups: list[dict[str, Any]]) -> Floats:
    """Group x offer kind: shares; those of kinds that are not in the list are left out."""
    shares = np.zeros((len(groups), len(OFFER_KINDS)))
    for row, group in zip(shares, groups, strict=True):
        for kind, share in zip(kinds, group["offer_kinds"], strict=True):
            if kind in OFFER_KINDS:
                row[OFFER_KINDS.index(kind)] = share
    return shares


def _share(weights: dict[str, float], code: str) -> float:
    return weights.get(code, 0.0) / (sum(weights.values()) or 1.0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
