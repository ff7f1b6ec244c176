"""The words of a finding: the rule file's sentence with the finding's own numbers in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tilsyn.figures.printing import ABSENT, printed
from tilsyn.figures.series import MonthFigure
from tilsyn.register.contract import TABLES
from tilsyn.rules.finding import Finding
from tilsyn.rules.model import Rule, Version
from tilsyn.rules.slots import slots_of
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth, wording

_TAIL = {
    "da": {
        "rule": "Regel: {rule}, {version} (i kraft {interval}). Kilde: {source}.",
        "counts": "Bedømt på hele tal.",
        "printed_share": "Bedømt på andele som trykt (afrundet til én decimal).",
        "statement": "Bedømt på en oplysning; selve tallet er ikke oplyst.",
        "assumed": "Antallet af personer er ikke trykt; det er taget som stort nok, fordi henvendelsen "
        "fastslog det.",
        "unknown_population": "Antallet af personer er ikke trykt for alle måneder.",
        "set_aside": "Ved indlæsningen af registret blev {rows} sat til side; de er ikke talt med.",
        "unverified": "Ikke bekræftet i en officiel kilde: {unverified}",
    },
    "en": {
        "rule": "Rule: {rule}, {version} (in force {interval}). Source: {source}.",
        "counts": "Judged on whole numbers.",
        "printed_share": "Judged on shares as printed (rounded to one decimal).",
        "statement": "Judged on a statement; the figure itself is not given.",
        "assumed": "The number of persons is not printed; it is taken as large enough, because the "
        "notice established it.",
        "unknown_population": "The number of persons is not printed for every month.",
        "set_aside": "When the register was read, {rows} were set aside; they are not counted.",
        "unverified": "Not confirmed in an official source: {unverified}",
    },
}


def words_of(finding: Finding, rule: Rule) -> tuple[dict[str, str], dict[str, str]]:
    """A finding's sentence and its explanation, by language."""
    sentences = {language: _sentence(finding, rule, language) for language in wording.LANGUAGES}
    explanations = {
        language: " ".join([sentences[language], *_tail(finding, rule, language)])
        for language in wording.LANGUAGES
    }
    return sentences, explanations


def sentence_key(finding: Finding) -> str:
    """Which sentence explains a finding: its verdict, with its reason where there is one."""
    return f"{finding.verdict}_{finding.reason}" if finding.reason else finding.verdict


def _sentence(finding: Finding, rule: Rule, language: str) -> str:
    templates = rule.sentences[language]  # type: ignore[index]  # the two languages are checked
    template = templates[sentence_key(finding)]
    slots = _slots(finding, language)
    text = template.format(**{name: slots[name] for name in slots_of(template)})
    return text[0].upper() + text[1:]


def _tail(finding: Finding, rule: Rule, language: str) -> list[str]:
    words, version = _TAIL[language], finding.version
    said = [
        words["rule"].format(
            rule=rule.title[language],
            version=version.title[language],
            interval=_interval(finding, language),
            source="; ".join(source.title for source in version.source),
        )
    ]
    if finding.verdict != "not_judged":
        said.insert(0, words[finding.basis])
        if note := finding.slots.get("population_note"):
            said.insert(1, words[note])
    if aside := told_aside(finding, language):
        said.append(aside)
    if version.unverified:
        said.append(not_confirmed(version, language))
    return said


def not_confirmed(version: Version, language: str) -> str:
    """What of a version is not confirmed in an official source; the version must say so."""
    return _TAIL[language]["unverified"].format(unverified=version.unverified[language])


def told_aside(finding: Finding, language: str) -> str:
    """How many rows of measured tables were set aside of the register behind a finding; empty: none."""
    total: Counter[str] = Counter()
    for tables in finding.set_aside.values():
        for table, reasons in tables.items():
            total[table] += sum(reasons.values())
    one, many, of = ("række", "rækker", "om") if language == "da" else ("row", "rows", "of")
    rows = [
        f"{wording.number(total[name], language)} {one if total[name] == 1 else many} {of} "
        f"{table.da if language == 'da' else name}"
        for name, table in TABLES.items()
        if table.measured and total[name]
    ]
    text = _TAIL[language]["set_aside"].format(rows=wording.joined(rows, language))
    return text if rows else ""


def _interval(finding: Finding, language: str) -> str:
    begin, end = finding.version.valid_from, finding.version.last_day
    start = ("fra " if language == "da" else "from ") + wording.date(begin, language)
    if end is None:
        return start
    return f"{start} {'til og med' if language == 'da' else 'to'} {wording.date(end, language)}"


def _slots(finding: Finding, language: str) -> dict[str, str]:
    """Every slot a sentence may use; those without a value are a dash."""
    months = finding.months
    latest = months[-1] if months else None
    summed = getattr(finding.version.criterion, "summed", False)
    row, measure = ROWS[finding.grp], MEASURES[finding.measure]
    more = finding.slots
    small, far = finding.smallest_population, finding.distance
    judged = more.get("judged", latest)
    known = [m for m in ([judged] if summed and judged else months) if m.exact is not None]
    populations = [m.population for m in months if m.population is not None]
    return {
        "municipality": MUNICIPALITIES[finding.municipality].name,
        "group": row.name(language),
        "persons": row.persons(language),
        "unmet": measure.unmet(language),
        "on": wording.date(finding.on, language),
        "when": wording.months(finding.span[0 if summed else -1 :], language),
        "months": wording.months(finding.span, language),
        "month": latest.month.name(language) if latest else ABSENT,
        "share": _percent(judged.exact if judged else None, language),
        "shares": wording.joined((_percent(m.exact, language) for m in known), language),
        "threshold": _percent(finding.threshold, language, places=0),
        "distance": printed(far and abs(far), "share", language, unit=False),
        "mean": _percent(finding.mean, language, places=2),
        "over": _in_words(more.get("over"), language),
        "of": _in_words(finding.persistence, language),
        "over_months": _months(more.get("over_months", ()), language),
        "smallest": _in_words(small, language),
        "population": _population(months, populations, language),
        "small_months": _months(more.get("small_months", ()), language),
        "unknown_months": _months(more.get("unknown_months", ()), language),
        "missing": _months(more.get("missing", ()), language),
        "stale": _in_words(finding.version.stale_after_months, language),
        "goal_month": _months(more.get("goal_month", ()), language),
        "actual": _percent(latest.actual if latest else None, language),
        "expected": _percent(latest.expected if latest else None, language),
        "warning": _in_words(getattr(finding.version.criterion, "warning_months", None), language),
        "suspended_because": more.get("suspended_because", {}).get(language, ABSENT),
        "exempted_share": _percent(judged.share_of("exempted") if judged else None, language),
        "missed_persons": _persons(judged.missed if judged else None, language),
        "period_end": _months(more.get("period_end", ()), language),
        "restoring": _months(more.get("restoring", ()), language),
    }


def _population(months: Sequence[MonthFigure], known: Sequence[int], language: str) -> str:
    if any("population" in m.small for m in months):
        return "under tre" if language == "da" else "fewer than three"
    return _in_words(min(known, default=None), language)


def _persons(count: int | None, language: str) -> str:
    if count is None:
        return ABSENT
    one, many = ("borger", "borgere") if language == "da" else ("person", "persons")
    return f"{wording.in_words(count, language)} {one if count == 1 else many}"


def _percent(value: Any, language: str, places: int = 1) -> str:
    return printed(value, "share", language, places=places)


def _in_words(value: int | None, language: str) -> str:
    return ABSENT if value is None else wording.in_words(value, language)


def _months(span: Sequence[YearMonth], language: str) -> str:
    return wording.months(list(span), language) or ABSENT
