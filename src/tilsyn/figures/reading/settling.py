"""What each block is of, where its own title does not say all of it.

What is missing comes from the caption that fits, then from the other tables of the document, then
from the options; each thing taken from another table is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.reading.blocks import Block
from tilsyn.figures.reading.lines import in_danish
from tilsyn.figures.reading.tidy import Defaults
from tilsyn.figures.reading.titles import Caption, Facts, measure_named, seniorities
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES

_SIBLING_WORDS = {
    "area": ("kommunen", "the municipality"),
    "seniority": ("anciennitetskravet", "the seniority"),
    "event": ("målingen", "the measure"),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A block with everything known of it; `measure` is a measure's code."""

    block: Block
    facts: Facts
    measure: str


def settled(
    found: Sequence[Block], captions: Sequence[Caption], defaults: Defaults, file: Path
) -> tuple[tuple[Settled, ...], tuple[Anomaly, ...]]:
    """Every block with its measure, statistic, municipality and month; and what context settled.

    Raises:
        InputError: something is said nowhere; the option or line that would say it is named.
    """
    stated = _with_captions(found, captions)
    result: list[Settled] = []
    remarks: list[Anomaly] = []
    for i, (block, own) in enumerate(zip(found, stated, strict=True)):
        facts, taken = own, []
        for name in _SIBLING_WORDS:
            if not getattr(facts, name) and (value := _from_siblings(name, i, found, stated)):
                known: dict[str, Any] = {name: value}
                facts = replace(facts, **known)
                taken.append(name)
        facts = _from_options(facts, defaults)
        facts = replace(facts, statistic=_statistic(block, facts, file))
        measure = _measure(block, facts, file)
        result.append(Settled(block, facts, measure))
        # What is misprinted has a remark of its own, which also says where it was taken from.
        misprints = dict(block.own.misprints)
        remarks += [_taken(n, block, facts, measure) for n in taken if n not in misprints]
        remarks += [_misprint(*m, block, facts, measure, taken) for m in misprints.items()]
    return tuple(result), tuple(remarks)


def _with_captions(found: Sequence[Block], captions: Sequence[Caption]) -> list[Facts]:
    """Each block's facts, filled up from the first caption above it that fits and is not yet used."""
    pending = list(captions)
    stated = []
    for block in found:
        above = (c for c in pending if c.line < block.table.start)
        caption = next((c for c in above if _fits(c.facts, block)), None)
        if caption is None:
            stated.append(block.own)
            continue
        pending.remove(caption)
        own, said = block.own, caption.facts
        stated.append(
            Facts(
                statistic=_finer(own.statistic, said.statistic, block),
                event=own.event or said.event,
                seniority=own.seniority or said.seniority,
                area=own.area or said.area,
                month=own.month or said.month,
                grp=own.grp or said.grp,
                lacking=own.lacking or said.lacking,
            )
        )
    return stated


def _finer(own: str, said: str, block: Block) -> str:
    """The title's statistic; the caption's where the title says no more than "Antal"."""
    return said if own in ("", "count") and not block.by_number else own or said


def _fits(said: Facts, block: Block) -> bool:
    """Whether a caption can be this block's: nothing in it contradicts title, rows or numbers."""
    own = block.own
    if not said.event or not said.statistic:
        return False
    if any(
        getattr(own, name) and getattr(said, name) and getattr(own, name) != getattr(said, name)
        for name in ("event", "seniority", "area")
    ):
        return False
    share = said.statistic == "share"
    if own.statistic and (own.statistic == "share") != share:
        return False
    if (share and block.by_number) or (not share and block.decimals):
        return False
    if said.statistic == "persons" and not block.by_number:
        return False
    # Rows of visitation categories need a group; a caption about one group has rows of no other.
    if not block.groups:
        return bool(own.grp or said.grp)
    return not said.grp or block.groups <= {said.grp}


def _from_siblings(
    name: str, at: int, found: Sequence[Block], stated: Sequence[Facts]
) -> str | int | None:
    """What the other blocks agree on: those beside it, those of the same event, then all."""
    block, event = found[at], stated[at].event
    circles: list[Callable[[int], bool]] = [lambda i: found[i].table is block.table]
    if name == "seniority" and event:
        circles.append(lambda i: stated[i].event == event)
    circles.append(lambda _: True)
    for within in circles:
        said = {getattr(stated[i], name) for i in range(len(found)) if i != at and within(i)}
        said -= {"", 0}
        if len(said) == 1:
            only: str | int = said.pop()
            return only
        if said:
            return None
    return None


def _from_options(facts: Facts, defaults: Defaults) -> Facts:
    if not facts.area and defaults.municipality:
        facts = replace(facts, area=MUNICIPALITIES.read(defaults.municipality).code)
    if not facts.seniority and defaults.seniority:
        facts = replace(facts, seniority=defaults.seniority)
    return facts


def _statistic(block: Block, facts: Facts, file: Path) -> str:
    statistic = facts.statistic
    place = block.table.place
    if block.by_number:
        if statistic == "share":
            raise InputError(
                "shares by number of conversations or offers are not read, only counts of persons; "
                "remove the table",
                file=file,
                place=place,
            )
        return "persons"
    if not statistic:
        raise InputError(
            "the table's title is missing; write 'Andel personer …' or 'Antal personer …' above "
            "its months",
            file=file,
            place=place,
        )
    if statistic in ("share", "count") and not facts.lacking:
        raise InputError(
            "the title does not say that the table is about those who did not get what the measure "
            "asks ('færre end 4 samtaler', 'ikke har fået 1 tilbud'), and only such tables are read",
            file=file,
            place=place,
        )
    return "unmet" if statistic == "count" else statistic


def _measure(block: Block, facts: Facts, file: Path) -> str:
    place = block.table.place
    if not facts.event:
        raise InputError(
            "the title says neither 'samtaler' nor 'tilbud'; add it above the months",
            file=file,
            place=place,
        )
    misprint = dict(block.own.misprints)
    if not facts.seniority:
        read = f" ('{misprint['seniority']}' is neither)" if "seniority" in misprint else ""
        raise InputError(
            f"6 or 12 months of seniority?{read} The title does not say; give --seniority 6 or "
            f"--seniority {seniorities()[-1]}",
            file=file,
            place=place,
        )
    if not facts.area:
        read = f" ('{misprint['area']}' is none)" if "area" in misprint else ""
        raise InputError(
            f"which municipality?{read} The title does not say; give --municipality Ishøj",
            file=file,
            place=place,
        )
    if block.by_number and facts.month is None:
        raise InputError(
            "the month of the counts by number is missing; write it in a line of its own above the "
            "table ('Aug 2023')",
            file=file,
            place=place,
        )
    return measure_named(facts.event, facts.seniority)


def group_of_visitation(settled_block: Settled, above: str, file: Path, place: str) -> str:
    """The group that a row of a visitation category divides.

    Args:
        settled_block: the block the row is in.
        above: the group of the nearest row above it, "" where there is none.
        file: for the error.
        place: likewise.

    Raises:
        InputError: neither title, caption nor a row above it names one group.
    """
    group = above if above in GROUPS else settled_block.facts.grp
    if not group:
        raise InputError(
            "which group does this visitation category divide? Name it in the title "
            "('Antal kontanthjælpsmodtagere …') or in the row above",
            file=file,
            place=place,
        )
    return group


def _shown(name: str, facts: Facts, measure: str, language: str) -> str:
    if name == "area":
        return MUNICIPALITIES[facts.area].name
    if name == "event":
        return MEASURES[measure].name(language)
    return f"{facts.seniority} {'måneder' if language == 'da' else 'months'}"


def _remark(block: Block, facts: Facts, measure: str, da: str, en: str) -> Anomaly:
    return Anomaly(
        "reading",
        f"Tabellen fra {in_danish(block.table.place)}: {da}",
        f"The table from {block.table.place}: {en}",
        measure=measure,
        statistic=facts.statistic,
        area_kind="municipality",
        area=facts.area,
    )


def _taken(name: str, block: Block, facts: Facts, measure: str) -> Anomaly:
    da, en = _SIBLING_WORDS[name]
    return _remark(
        block,
        facts,
        measure,
        f"titlen nævner ikke {da}; {_shown(name, facts, measure, 'da')} er taget fra dokumentets "
        "andre tal.",
        f"the title does not say {en}; {_shown(name, facts, measure, 'en')} is taken from the "
        "document's other figures.",
    )


def _misprint(
    name: str, printed: str, block: Block, facts: Facts, measure: str, taken: Sequence[str]
) -> Anomaly:
    of = (", som i dokumentets andre tal", ", as in the document's other figures")
    da, en = of if name in taken else ("", "")
    return _remark(
        block,
        facts,
        measure,
        f"»{printed}« er læst som {_shown(name, facts, measure, 'da')}{da}.",
        f"'{printed}' is read as {_shown(name, facts, measure, 'en')}{en}.",
    )
