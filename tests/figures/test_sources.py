"""Where figures come from is said by their provenance, with every release named."""

import datetime as dt

import pytest

from tilsyn.figures.sources import own_registers, source
from tilsyn.figures.table import Figure, table

FEB, NOV = dt.date(2024, 2, 15), dt.date(2023, 11, 1)


def figure(provenance, release, published, *, area="183"):
    cell = (
        "conversations_12m",
        "unmet",
        "municipality",
        area,
        "total",
        "",
        "",
        dt.date(2023, 9, 1),
    )
    return Figure(*cell, 5.0, "value", provenance, release, published)


OWN = figure("register", "own-2024-02", FEB)
PRINTED = figure("published", "ishoej-2023-11", NOV)


@pytest.mark.parametrize(
    ("shown", "da", "en"),
    [
        (
            {2: [OWN], 3: [OWN]},
            "Kilde: kommunens eget register, opgjort den 15. februar 2024 (udgivelse own-2024-02).",
            "Source: the municipality's own register, measured on 15 February 2024 (release own-2024-02).",
        ),
        (
            {2: [PRINTED]},
            "Kilde: offentliggjorte tal fra Jobindsats.dk og Styrelsen for Arbejdsmarked og "
            "Rekruttering (udgivelse ishoej-2023-11, 1. november 2023).",
            "Source: figures published by Jobindsats.dk and the Danish Agency for Labour Market and "
            "Recruitment (release ishoej-2023-11, 1 November 2023).",
        ),
        (
            {1: [PRINTED], 2: [OWN], 3: [OWN], 4: [OWN, PRINTED]},
            "Kilder: figur 1 og 4: offentliggjorte tal fra Jobindsats.dk og Styrelsen for "
            "Arbejdsmarked og Rekruttering (udgivelse ishoej-2023-11, 1. november 2023); "
            "figur 2–4: kommunens eget register, opgjort den 15. februar 2024 (udgivelse own-2024-02).",
            "Sources: figure 1 and 4: figures published by Jobindsats.dk and the Danish Agency for "
            "Labour Market and Recruitment (release ishoej-2023-11, 1 November 2023); figure 2–4: "
            "the municipality's own register, measured on 15 February 2024 (release own-2024-02).",
        ),
        ({}, "", ""),
    ],
)
def test_a_source_line_follows_the_figures(shown, da, en):
    own = own_registers(table([OWN, PRINTED]))
    assert (source(shown, "da", own), source(shown, "en", own)) == (da, en)


def test_every_release_is_named():
    later = figure("register", "own-2024-03", dt.date(2024, 3, 15))
    said = source({1: [OWN, later]}, "da", own_registers(table([OWN, later])))
    assert said.endswith(
        "den 15. februar 2024 (udgivelse own-2024-02) og den 15. marts 2024 (udgivelse own-2024-03)."
    )


def test_a_register_of_several_municipalities_is_nobodys_own():
    neighbour = figure("register", "own-2024-02", FEB, area="187")
    said = source({1: [OWN]}, "da", own_registers(table([OWN, neighbour])))
    assert said.startswith("Kilde: personregistre, opgjort den 15. februar 2024")
