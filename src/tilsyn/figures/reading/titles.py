"""What a table's title lines and captions say: statistic, measure, seniority, area, month, group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tilsyn.figures.reading.heads import head_of
from tilsyn.tables.line import Line
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, YearMonth
from tilsyn.vocabulary.names import plain


def seniorities() -> list[int]:
    """Months of seniority that a measure's population can have, of those measures that are known."""
    return sorted({measure.seniority_months for measure in MEASURES if measure.event})


_KIND = re.compile(r"\b(andel|antal)\b", re.I)
_BY_NUMBER = re.compile(r"fordelt på antal|efter antal", re.I)
# "førre end" is how a scanner reads "færre end"; "uden for program" belongs to a group's name.
_LACKING = re.compile(
    r"f\wrre end|mindre end|\bikke\b|\buden\b(?!\s*for\b)|hverken|mangler|\bingen\b", re.I
)
_POPULATION = re.compile(r"anciennitet|målgruppe|population", re.I)
_EVENTS = {"conversations": re.compile(r"samtale", re.I), "offers": re.compile(r"tilbud", re.I)}
_SENIORITY = re.compile(r"(\d+)\s*(?:måneders?|mdr)\b\.?(?:\s+og\s+derover)?", re.I)
_LONG_TERM = re.compile(r"\blangvarige\b", re.I)
_SENIORITY_LINE = re.compile(
    r"(?:mindst\s+)?\d+\s*(?:måneder|mdr)\b\.?(?:\s+(?:og\s+derover|eller\s+(?:mere|derover)|"
    r"på\s+ydelsen?|anciennitet))*\.?",
    re.I,
)
_STATISTIC_LINE = re.compile(r"(?:samlet\s+)?(?:andel|antal)\b", re.I)
_GOES_ON = re.compile(
    r"(?:fordelt på|som (?:har|hverken|ikke)|der (?:har|hverken|ikke)|med færre)\b"
)
_ABOUT = re.compile(r"(?:område|kommune|jobcenter|bopælskommune|periode|måned)\s*:\s*", re.I)
_AUTHORITY = re.compile(r"\s+(?:regions)?kommune$", re.I)
_CAPTION = re.compile(r"(?:figur|tabel|fig\.?)\s*\d+\s*[:.]\s*(.*)", re.I)
_LONGEST_TITLE = 240


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a table; empty (0, None) where it is not said.

    Attributes:
        statistic: "share", "unmet", "persons", "population", or "count" where only "Antal" is said.
        event: "conversations" or "offers".
        seniority: 6 or 12 months.
        area: a municipality's code.
        grp: the one group it is about.
        lacking: whether it speaks of those who did not get what the measure asks.
        misprints: words that cannot be right as they stand: (what of, as printed).
    """

    statistic: str = ""
    event: str = ""
    seniority: int = 0
    area: str = ""
    month: YearMonth | None = None
    grp: str = ""
    lacking: bool = False
    misprints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption ("Figur 2: …") and the line it begins in."""

    line: int
    text: str
    facts: Facts


def facts_of(pieces: Sequence[str]) -> Facts:
    """What a table's title lines say together."""
    areas: list[str] = []
    months: list[YearMonth] = []
    misprints: list[tuple[str, str]] = []
    words: list[str] = []
    for piece in (_ABOUT.sub("", piece) for piece in pieces):
        if municipality := MUNICIPALITIES.find(piece):
            areas.append(municipality.code)
            if not _spelled(piece, municipality.name):
                misprints.append(("area", piece))
        elif month := _month(piece):
            months.append(month)
        elif near_municipality(piece):
            misprints.append(("area", piece))
        else:
            words.append(piece)
    text = " ".join(words)
    numbers = [(int(m[1]), m[0]) for m in _SENIORITY.finditer(text)]
    senior = {number for number, _ in numbers if number in seniorities()}
    if not senior and not numbers and _LONG_TERM.search(text):
        senior = {12}
    misprints += [("seniority", said) for n, said in numbers if n not in seniorities()]
    events = [event for event, pattern in _EVENTS.items() if pattern.search(text)]
    return Facts(
        statistic=_statistic(text),
        event=events[0] if len(events) == 1 else "",
        seniority=senior.pop() if len(senior) == 1 else 0,
        area=(areas[0] if areas else _area_within(text)),
        month=months[0] if months else None,
        grp=_group_within(text),
        lacking=_LACKING.search(text) is not None,
        misprints=tuple(misprints),
    )


def is_title(text: str) -> bool:
    """Whether a line may be part of a table's title (prose is not)."""
    text = _ABOUT.sub("", text.strip())
    # "6 mdr." ends in a full stop that belongs to its last word; a sentence's is its own.
    sentence = text.endswith((".", ":")) and not text.endswith("mdr.")
    if not text or sentence or len(text) > _LONGEST_TITLE or _CAPTION.match(text):
        return False
    if MUNICIPALITIES.find(text) or _month(text) or near_municipality(text):
        return True
    if _SENIORITY_LINE.fullmatch(text) or _STATISTIC_LINE.match(text) or _GOES_ON.match(text):
        return True
    return bool(
        re.search(r"\b(?:Andel|Antal)\b", text) and any(p.search(text) for p in _EVENTS.values())
    )


def near_municipality(text: str) -> str:
    """The code of the municipality a misspelt name resembles, "" where it resembles none."""
    name = _AUTHORITY.sub("", text)
    if len(name) > 24 or not re.fullmatch(r"[^\W\d_][\w\- ]*", name):
        return ""
    names = {m.name: m.code for m in MUNICIPALITIES}
    near = get_close_matches(name, list(names), n=2, cutoff=0.8)
    return names[near[0]] if len(near) == 1 else ""


def captions(lines: Sequence[Line]) -> tuple[Caption, ...]:
    """The captions of a document, words broken over its lines mended."""
    found = []
    for at, line in enumerate(lines):
        if not (match := _CAPTION.match(line.text)):
            continue
        text = match[1]
        for below in lines[at + 1 :]:
            if not below.text or _CAPTION.match(below.text) or head_of(below):
                break
            text = text[:-1] + below.text if text.endswith("-") else f"{text} {below.text}"
            if len(text) > _LONGEST_TITLE:
                break
        found.append(Caption(at, text, facts_of([text])))
    return tuple(found)


def _statistic(text: str) -> str:
    kind = _KIND.search(text)
    if kind is None:
        return ""
    if kind[1].lower() == "andel":
        return "share"
    if _BY_NUMBER.search(text):
        return "persons"
    if _LACKING.search(text):
        return "unmet"
    return "population" if _POPULATION.search(text) else "count"


def _month(text: str) -> YearMonth | None:
    try:
        return YearMonth.parse(text)
    except ValueError:
        return None


def _area_within(text: str) -> str:
    said = plain(text)
    within = [
        m.code
        for m in MUNICIPALITIES
        if any(re.search(rf"\b{re.escape(plain(n))}\b", said) for n in (m.name, m.official_da))
    ]
    return within[0] if len(within) == 1 else ""


def _group_within(text: str) -> str:
    within = [g.code for g in GROUPS if g.da_persons in text or g.da.lower() in text.lower()]
    return within[0] if len(within) == 1 else ""


def _spelled(text: str, name: str) -> bool:
    """Whether a spelling is the name itself, give or take how its letters are written."""
    forms = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "-": " "})
    said, official = (t.lower().translate(forms) for t in (text, name))
    return said.startswith(official) or official.startswith(said)
