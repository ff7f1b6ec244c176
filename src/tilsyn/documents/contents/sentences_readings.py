"""What is read of figures: the facts that sentence rules ask about, and the texts they fill in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import inf

from tilsyn.documents.contents.phrasing import month as month_name
from tilsyn.documents.contents.phrasing import percent, percents
from tilsyn.documents.contents.sentences import Fact, Reading
from tilsyn.figures.grid import Grid
from tilsyn.rules import Finding
from tilsyn.vocabulary import ROWS, TOTAL, VISITATION, MonthRange, YearMonth
from tilsyn.vocabulary.wording import in_words, joined, months, number

LARGE = Fraction(1, 5)
"""A group with at least this part of all the persons counted is a large one."""

FEWEST = 5
"""Fewer persons than this are not called a large group, whatever part of all they are."""

DRIVES = Fraction(1, 2)
"""A group whose growth is at least this part of the whole growth is what drives it."""

Value = float | Fraction | None


def shares(
    grid: Grid, span: MonthRange, finding: Finding | None, language: str, *, row: str = TOTAL.code
) -> Reading:
    """The share over all groups: where it stands, since when, where it is going, and the judgement.

    Facts: ``months`` with a number, ``latest``, ``limit``, ``over`` (months over the line), ``run``
    (latest months in a row over it, each known), ``climb`` and ``drop`` (latest steps in a row up or down) with
    ``climbed`` and ``dropped`` in percentage points, ``change`` from the first month to the latest,
    ``mean``, ``verdict``, ``reason``.
    """
    values = [(month, grid.value(row, month)) for month in span]
    known = [(month, value) for month, value in values if value is not None]
    limit = finding.threshold if finding else None
    facts: dict[str, Fact] = {
        "months": len(known),
        "limit": None if limit is None else Fraction(limit),
        "verdict": finding.verdict if finding else None,
        "reason": (finding.reason or "none") if finding else None,
        "mean": finding.mean if finding else None,
        "mean_over": int(finding.over(finding.mean)) if finding and finding.mean else None,
        "persistence": finding.persistence if finding else None,
    }
    slots: dict[str, str | None] = {
        "limit": None if limit is None else percent(limit, language),
        "mean": _percent(finding.mean if finding else None, language),
        "judged_months": months(finding.span, language) if finding else None,
        "why": finding.sentence.get(language) if finding else None,
        "count_judged": in_words(len(finding.span), language) if finding else None,
        "missing": months([month for month, value in values if value is None], language) or None,
        "span": months([month for month, _ in known], language) or None,
    }
    if not known:
        return Reading(facts, slots | dict.fromkeys(_SHARE_SLOTS))
    latest_month, latest = known[-1]
    over = [finding.over(value) for _, value in known] if finding and limit is not None else []
    # A month nothing is known of ends the run: it may have been under the line.
    run = _trailing(
        [finding is not None and finding.over(v) for month, v in values if month <= latest_month]
    )
    climb = _trailing([b > a for (_, a), (_, b) in pairwise(known)])
    drop = _trailing([b < a for (_, a), (_, b) in pairwise(known)])
    turn = known[-1 - max(climb, drop)]
    first_month, first = known[0]
    facts |= {
        "latest": latest,
        "over": sum(over) if over else None,
        "run": run if over else None,
        "climb": climb,
        "climbed": Fraction(latest) - Fraction(turn[1]) if climb else Fraction(0),
        "drop": drop,
        "dropped": Fraction(turn[1]) - Fraction(latest) if drop else Fraction(0),
        "change": Fraction(latest) - Fraction(first),
        "missing": sum(value is None for _, value in values),
    }
    over_months = [month for (month, _), is_over in zip(known, over, strict=False) if is_over]
    slots |= {
        "latest": _percent(latest, language),
        "latest_month": month_name(latest_month, language),
        "since": month_name(known[-run][0], language) if run else None,
        "over_months": months(over_months, language) or None,
        "over_count": in_words(len(over_months), language),
        "turn": _percent(turn[1], language),
        "turn_month": month_name(turn[0], language),
        "first": _percent(first, language),
        "first_month": month_name(first_month, language),
        "judged_shares": percents(
            [m.exact for m in finding.months if m.exact is not None], language
        )
        if finding
        else None,
    }
    return Reading(facts, slots)


_SHARE_SLOTS = (
    "latest latest_month since over_months over_count turn turn_month first first_month judged_shares"
).split()


def counts(grid: Grid, span: MonthRange, language: str) -> Reading:
    """The persons behind the share: how many, in which groups, and which group drives the growth.

    A count a publisher hides is at most two, so a group that was hidden has grown by at least the rest.
    Which groups are large is not told where a hidden one may be.

    Facts: ``growth`` of all from the first month to the latest, ``driver_growth`` of the group that
    grew most, ``drives`` (1 where that is half of all growth or more), ``large`` (how many groups
    are large), ``others`` (large groups beside the driver), ``counted`` (persons in the latest month).
    """
    facts: dict[str, Fact] = dict.fromkeys(
        ("growth", "driver_growth", "drives", "large", "others", "counted", "part")
    )
    slots: dict[str, str | None] = dict.fromkeys(
        (
            "driver driver_from driver_to driver_month large_groups large_persons other_groups "
            "counted counted_month largest largest_count"
        ).split()
    )
    known = [month for month in span if grid.value(TOTAL.code, month) is not None]
    if not known:
        return Reading(facts, slots)
    first, last = known[0], known[-1]
    all_last, all_first = grid.value(TOTAL.code, last), grid.value(TOTAL.code, first)
    assert all_last is not None and all_first is not None
    sizes = {code: size for code in grid.groups if (size := grid.value(code, last)) is not None}
    ranked = sorted(sizes, key=lambda code: (-sizes[code], ROWS.codes.index(code)))
    least = _large_from(all_last)
    large = [code for code in ranked if sizes[code] >= least]
    unseen = _unseen(grid, last)
    all_large = unseen < least or not unseen
    is_largest = _alone_on_top([sizes[code] for code in ranked], unseen)
    grown: dict[str, float | Fraction] = {}
    for code in ranked:
        least_from = grid.at(code, first).most
        if least_from is not None:
            grown[code] = sizes[code] - least_from
    driver = max(grown, key=lambda code: grown[code], default=None)
    growth = Fraction(all_last) - Fraction(all_first)
    drives = driver is not None and growth > 0 and grown[driver] >= growth * DRIVES
    others = [code for code in large if not (drives and code == driver)]
    facts |= {
        "counted": all_last,
        "growth": growth,
        "driver_growth": grown[driver] if driver else None,
        "drives": int(drives),
        "large": len(large) if all_large else None,
        "others": len(others) if all_large else None,
        "part": Fraction(sizes[ranked[0]]) / Fraction(all_last)
        if is_largest and all_last
        else None,
    }
    slots |= {
        "counted": number(all_last, language),
        "counted_month": month_name(last, language),
        "large_groups": joined((ROWS[c].counted(sizes[c], language) for c in large), language)
        or None,
        "large_persons": joined((ROWS[c].persons(language) for c in large), language) or None,
        "other_groups": joined((ROWS[c].persons(language) for c in others), language) or None,
        "largest": ROWS[ranked[0]].persons(language) if ranked else None,
        "largest_count": number(sizes[ranked[0]], language) if ranked else None,
    }
    if driver is not None:
        began = grid.at(driver, first)
        at_most = "højst to" if language == "da" else "at most two"
        slots |= {
            "driver": ROWS[driver].persons(language),
            "driver_from": at_most if began.value is None else number(began.value, language),
            "driver_to": number(sizes[driver], language),
            "driver_month": month_name(first, language),
        }
    return Reading(facts, slots)


def _large_from(whole: float | Fraction) -> float | Fraction:
    """From how many persons of all of them a group is a large one."""
    return max(whole * LARGE, FEWEST)


def _alone_on_top(ranked: Sequence[float | Fraction], unseen: float | Fraction) -> bool:
    """Whether the first of these sizes, the largest first, is larger than any other, seen or not."""
    return bool(ranked) and ranked[0] > max(unseen, *ranked[1:2], 0)


def _unseen(grid: Grid, column: Hashable) -> float | Fraction:
    """The most persons a group can have whose number is hidden; 0 where none is.

    What the groups shown leave of all of them, or less where a publisher hid it.
    """
    hidden = [cell for c in grid.groups if (cell := grid.at(c, column)).status == "suppressed"]
    if not hidden:
        return 0
    whole = grid.value(TOTAL.code, column)
    left = inf if whole is None else whole - sum(grid.value(c, column) or 0 for c in grid.groups)
    return max(0, *(left if cell.most is None else min(cell.most, left) for cell in hidden))


def persons_by_number(
    grid: Grid, unmet: Grid, month: YearMonth, short: Sequence[str], language: str
) -> Reading:
    """How many conversations those had who had too few, in the large groups.

    Facts: ``most`` is the part of them in the two categories that hold most.
    """
    whole = unmet.value(TOTAL.code, month)
    sizes = {code: unmet.value(code, month) for code in unmet.groups}
    least = _large_from(whole or 0)
    large = [code for code, size in sizes.items() if size is not None and size >= least]
    by_category = {
        category: sum(grid.value(code, category) or 0 for code in large) for category in short
    }
    ranked = sorted(short, key=lambda category: -by_category[category])
    top = [category for category in ranked[:2] if by_category[category]]
    # Of two categories that are alike in size neither is said to hold most.
    tied = len(ranked) > 2 and by_category[ranked[1]] == by_category[ranked[2]] > 0
    short_of = sum(sizes[code] or 0 for code in large)
    held = sum(by_category[category] for category in top)
    words = [in_words(int(category), language) for category in sorted(top, key=short.index)]
    return Reading(
        {
            "most": Fraction(held) / Fraction(short_of)
            if short_of and len(short) > 2 and not tied
            else None,
            "most_of": len(large),
        },
        {
            "most_had": joined(words, language, "eller" if language == "da" else "or") or None,
            "most_groups": joined((ROWS[c].persons(language) for c in large), language) or None,
        },
    )


def lacking(grid: Grid, language: str, category: str = "0") -> Reading:
    """The persons with none, by group: who they mostly are.

    Facts: ``none`` (all with none), ``none_groups`` (groups whose number is shown), ``none_large``
    (large groups beside the largest), ``none_part`` (the largest group's part).
    """
    sizes = {code: size for code in grid.groups if (size := grid.value(code, category))}
    ranked = sorted(sizes, key=lambda code: (-sizes[code], ROWS.codes.index(code)))
    whole = grid.value(TOTAL.code, category)
    base = whole if whole else sum(sizes.values())
    least = _large_from(base)
    large = [code for code in ranked[1:] if sizes[code] >= least]
    unseen = _unseen(grid, category)
    is_largest = _alone_on_top([sizes[code] for code in ranked], unseen)
    return Reading(
        {
            "none": whole,
            "none_groups": len(ranked),
            "none_large": len(large) if unseen < least or not unseen else None,
            "none_part": Fraction(sizes[ranked[0]]) / Fraction(base) if is_largest else None,
        },
        {
            "none_largest_persons": ROWS[ranked[0]].persons(language) if ranked else None,
            "none_largest_count": number(sizes[ranked[0]], language) if ranked else None,
            "none_others": joined((ROWS[c].counted(sizes[c], language) for c in large), language)
            or None,
            "none_all": joined((ROWS[c].counted(sizes[c], language) for c in ranked), language)
            or None,
        },
    )


def visitation(
    grid: Grid,
    unmet: Value,
    grp: str,
    month: YearMonth,
    names: Callable[[str, float | Fraction], str],
    language: str,
) -> Reading:
    """A group's persons by visitation.

    Facts: ``split`` (categories shown), ``split_whole`` (1 where they add up to the group).

    Args:
        grid: the group's unmet by visitation and month.
        unmet: the group's own number in the month.
        grp: the group.
        month: the month read.
        names: what so many persons of a category are called ("aktivitetsparate").
        language: "da" or "en".
    """
    sizes = {code: size for code in grid.rows if (size := grid.value(code, month)) is not None}
    ranked = sorted(sizes, key=lambda code: -sizes[code])
    parts = [
        f"{number(sizes[c], language)} {names(c, sizes[c])}"
        for c in ranked
        if c in VISITATION and sizes[c]
    ]
    return Reading(
        {
            "split": len(parts),
            "split_whole": int(unmet is not None and sum(sizes.values()) == unmet),
        },
        {
            "split": joined(parts, language) or None,
            "split_group": None if unmet is None else ROWS[grp].counted(unmet, language),
            "split_month": month_name(month, language),
        },
    )


def _percent(value: Value | Decimal, language: str) -> str | None:
    return None if value is None else percents([value], language)


def _trailing(flags: Sequence[bool]) -> int:
    """How many of the last flags in a row are set."""
    count = 0
    for flag in reversed(flags):
        if not flag:
            break
        count += 1
    return count
