"""KMD Insight "Custom Data": the file municipalities load their own data with (KMD, May 2023).

One file ``CD_<name>.csv``: the first line names the generic columns, the second (Metadata = 1) what
they are called here. UTF-8, ";", decimal comma, at most four decimals, no thousands separator, texts
of at most 200 characters. What stands under Metadata in the lines of data is not documented; 0 is
written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.exports.files import write_whole
from tilsyn.figures.formulas import neutral
from tilsyn.figures.sources import provenance
from tilsyn.figures.table import Figure, checked, ordered, rows
from tilsyn.protection import Shown
from tilsyn.vocabulary import MEASURES, ROWS, STATISTIC_NAMES, VISITATION, area_name
from tilsyn.vocabulary.wording import decimal

GENERIC = (
    "Metadata",
    *(f"Dato{i}" for i in range(1, 6)),
    *(f"Klokkeslæt{i}" for i in range(1, 3)),
    "CPR",
    *(f"Tekst{i}" for i in range(1, 31)),
    *(f"Numerisk{i}" for i in range(1, 16)),
)
"""Every column of a Custom Data file, in its order."""

LONGEST_TEXT = 200

_FILLED: dict[str, tuple[str, Callable[[Figure], str]]] = {
    "Dato1": ("Måned", lambda f: f.month.isoformat()),
    "Dato2": ("Offentliggjort", lambda f: f.published.isoformat()),
    "Tekst1": ("Måling", lambda f: MEASURES[f.measure].da),
    "Tekst2": ("Statistik", lambda f: STATISTIC_NAMES[f.statistic].da),
    "Tekst3": ("Områdetype", lambda f: f.area_kind),
    "Tekst4": ("Område", lambda f: area_name(f.area_kind, f.area)),
    "Tekst5": ("Ydelsesgruppe", lambda f: ROWS[f.grp].da),
    "Tekst6": ("Visitation", lambda f: VISITATION[f.visitation].da if f.visitation else ""),
    "Tekst7": ("Antal eller varighed", lambda f: f.category),
    "Tekst8": ("Status", lambda f: f.status),
    "Tekst9": ("Udgivelse", lambda f: f.release),
    "Tekst10": ("Herkomst", lambda f: provenance(f.provenance, "da")),
    "Numerisk1": (
        "Værdi",
        lambda f: "" if f.value is None else _number(f.value),
    ),
}
_NAME = re.compile(r"CD_[A-Za-z0-9_-]{1,60}\.csv")


def write_kmd(shown: Shown, file: Path) -> Path:
    """Write figures as a Custom Data file.

    Args:
        shown: figures as their audience may see them.
        file: must not exist and be named ``CD_<name>.csv``, by which KMD Insight knows it.

    Raises:
        InputError: the name is another, the figures are unsound, or the file cannot be written.
    """
    if not _NAME.fullmatch(file.name):
        raise InputError("KMD Insight reads files named CD_<name>.csv; name it so", file=file)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(GENERIC)
    writer.writerow(["1", *(_FILLED.get(name, ("",))[0] for name in GENERIC[1:])])
    for figure in rows(ordered(checked(shown.figures, file=file))):
        writer.writerow(["0", *(_cell(name, figure) for name in GENERIC[1:])])
    return write_whole(file, stream.getvalue().encode())


def _cell(name: str, figure: Figure) -> str:
    if name not in _FILLED:
        return ""
    text = _FILLED[name][1](figure)
    return text if name == "Numerisk1" else neutral(text)[:LONGEST_TEXT]


def _number(value: float) -> str:
    exact = decimal(value, 4)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text
