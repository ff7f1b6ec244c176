"""A made-up country: one month of all supervisory tables, every municipality and area.

Sizes follow real ones roughly; nothing in it is about anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from tilsyn.figures.anomalies.sheets import expected_groups
from tilsyn.figures.table import SCHEMA, checked
from tilsyn.protection.relations import FAMILY
from tilsyn.vocabulary import AREA_KINDS, MEASURES, MUNICIPALITIES, TOTAL

MONTH = dt.date(2023, 8, 1)
_SHARES = {
    "a_dagpenge": 0.30,
    "revalidering": 0.01,
    "sygedagpenge": 0.13,
    "ledighedsydelse": 0.04,
    "ressourceforloeb": 0.08,
    "jobafklaringsforloeb": 0.13,
    "kontanthjaelp": 0.20,
    "uddannelseshjaelp": 0.09,
    "overgangsydelse": 0.02,
}
_SPLIT = {
    "kontanthjaelp": {"jobparat": 0.2, "aktivitetsparat": 0.8},
    "uddannelseshjaelp": {
        "uddannelsesparat": 0.45,
        "aabenlys_uddannelsesparat": 0.05,
        "aktivitetsparat": 0.5,
    },
}
_NUMBERS = {
    "conversations_12m": (0.02, 0.04, 0.07, 0.1, 0.15, 0.62),
    "offers_12m": (0.25, 0.25, 0.5),
    "conversations_6m": (0.05, 0.06, 0.08, 0.12, 0.2, 0.49),
    "offers_6m": (0.3, 0.35, 0.35),
}


def country(
    seed: int = 1,
    municipalities: int = 98,
    *,
    areas: bool = True,
    release: str = "country",
    exempted: bool = True,
) -> pl.DataFrame:
    """A figure table of provenance "register", exact.

    Args:
        seed: of the random numbers.
        municipalities: how many, in order of code.
        areas: whether RAR, AMK, region and country stand in it too.
        release: its name.
        exempted: whether persons are exempted everywhere, so that no two measures count the same.
    """
    random = np.random.default_rng(seed)
    frame = pl.DataFrame(
        list(_counts(random, municipalities, exempted)),
        schema=["measure", "municipality", "grp", "visitation", "category", "n"],
        orient="row",
    )
    whole = frame.group_by("measure", "municipality", "grp", "category").agg(pl.col("n").sum())
    rows = pl.concat(
        [
            whole.with_columns(visitation=pl.lit("")).select(frame.columns),
            frame.filter(pl.col("visitation") != ""),
            whole.group_by("measure", "municipality", "category")
            .agg(pl.col("n").sum())
            .with_columns(grp=pl.lit(TOTAL.code), visitation=pl.lit(""))
            .select(frame.columns),
        ]
    )
    keys = ["measure", "area_kind", "area", "grp", "visitation"]
    placed = pl.concat(
        [
            rows.with_columns(
                pl.lit(kind).alias("area_kind"),
                pl.col("municipality")
                .replace_strict({m.code: m.area(kind) for m in MUNICIPALITIES})
                .alias("area"),
            )
            for kind in (AREA_KINDS if areas else AREA_KINDS[:1])
        ]
    )
    persons = placed.group_by(*keys, "category").agg(pl.col("n").sum())
    groups = persons.filter(~pl.col("category").is_in(["unmet"]))
    population = groups.group_by(keys).agg(pl.col("n").sum())
    unmet = persons.filter(pl.col("category") == "unmet").select(*keys, "n")
    share = population.join(unmet, on=keys, suffix="_unmet")
    parts = [
        groups.select(*keys, "category", pl.col("n").cast(pl.Float64), statistic=pl.lit("persons")),
        population.select(
            *keys,
            pl.lit("").alias("category"),
            pl.col("n").cast(pl.Float64),
            statistic=pl.lit("population"),
        ),
        unmet.select(
            *keys,
            pl.lit("").alias("category"),
            pl.col("n").cast(pl.Float64),
            statistic=pl.lit("unmet"),
        ),
        share.select(
            *keys,
            pl.lit("").alias("category"),
            (pl.when(pl.col("n") > 0).then(100 * pl.col("n_unmet") / pl.col("n"))).alias("n"),
            statistic=pl.lit("share"),
        ),
    ]
    figures = pl.concat(parts).with_columns(
        pl.lit(MONTH).alias("month"),
        pl.col("n").alias("value"),
        pl.when(pl.col("n").is_null())
        .then(pl.lit("not_available"))
        .when(pl.col("n") == 0)
        .then(pl.lit("zero"))
        .otherwise(pl.lit("value"))
        .alias("status"),
        pl.lit("register").alias("provenance"),
        pl.lit(release).alias("release"),
        pl.lit(dt.date(2023, 10, 1)).alias("published"),
    )
    return checked(figures.select(SCHEMA.names()).sort(SCHEMA.names()[:8]))


def _counts(
    random: np.random.Generator, municipalities: int, exempted: bool
) -> Iterator[tuple[str, str, str, str, str, int]]:
    sizes = np.sort(random.lognormal(6.6, 0.9, len(MUNICIPALITIES)))[::-1]
    for municipality, size in list(zip(MUNICIPALITIES, sizes, strict=True))[:municipalities]:
        sizes_of: dict[tuple[str, str, str], int] = {}
        for measure, numbers in _NUMBERS.items():
            scale = size if measure.endswith("12m") else size / 8
            for group in expected_groups(measure, MONTH):
                mix = random.dirichlet(np.array(numbers) * 12)
                for visitation, part in _SPLIT.get(group, {"": 1.0}).items():
                    n = random.poisson(scale * _SHARES[group] * part)
                    if not exempted:
                        n = sizes_of.setdefault(
                            (FAMILY.get(measure, measure), group, visitation), n
                        )
                    found = random.multinomial(n, mix)
                    rule = MEASURES[measure].unmet_numbers(group, MONTH)
                    assert rule is not None
                    below = [MEASURES[measure].categories.index(c) for c in rule.equals or ("0",)]
                    unmet = int(found[below].sum())
                    if rule.at_most:
                        unmet -= int(random.binomial(unmet, 0.05))
                    for category, count in zip(MEASURES[measure].categories, found, strict=True):
                        yield measure, municipality.code, group, visitation, category, int(count)
                    yield measure, municipality.code, group, visitation, "unmet", unmet
