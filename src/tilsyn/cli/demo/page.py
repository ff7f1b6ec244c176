"""The page of `tilsyn demo`: every verdict with its reason, every file and picture, every odd cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from itertools import count
from pathlib import Path

from tilsyn.cli.judge import HEADS
from tilsyn.figures.release import Release
from tilsyn.rules import Finding
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, wording
from tilsyn.words import gettext, pgettext

_STYLE = """
body { font: 16px/1.5 "IBM Plex Sans", system-ui, sans-serif; color: #1a1a1a; margin: 2rem auto;
  max-width: 72rem; padding: 0 1.25rem; }
h1 { font-size: 1.8rem; margin-bottom: .25rem } h2 { font-size: 1.2rem; margin-top: 2.5rem }
p.lead { max-width: 46rem } a { color: #004d99 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0;
  border-bottom: 1px solid #d4d4d4 }
th { border-bottom: 2px solid #1a1a1a; white-space: nowrap }
td.verdict { white-space: nowrap; font-weight: 600 }
td.verdict::before { content: ""; display: inline-block; width: .7em; height: .7em;
  margin-right: .45em; border: 1px solid #1a1a1a; background: var(--mark, #fff) }
.flagged, .at_risk, .not_restored { --mark: #b00020 } .missed { --mark: #d9677a }
.over_line, .near_line { --mark: #f2b84b } .met, .restored { --mark: #2e7d4f }
.suspended { --mark: #4a74b5 }
details { margin-top: .5rem } summary { cursor: pointer; color: #444 }
details p { color: #333; max-width: 60rem }
.pages { display: flex; flex-wrap: wrap; gap: 1.5rem; margin-top: 1rem }
.pages img { width: min(30rem, 100%); border: 1px solid #bbb; box-shadow: 0 2px 10px #0002 }
@media print { details { display: none } }
"""


def page(
    found: Sequence[tuple[str, dt.date, list[Finding]]],
    stored: Sequence[tuple[Path, Release]],
    letters: Sequence[Path],
    language: str,
) -> str:
    """The page as HTML; everything it links lies beside it.

    Args:
        found: of each document its title, the day it was judged on, and its findings.
        stored: the releases, with their folders relative to the page.
        letters: the letter's files, relative to the page.
        language: "da" or "en".
    """
    heading = escape(gettext("From printed tables to judgements and a letter", language))
    lead = gettext(
        "The figures are real: the tables of five public documents. Each document is stored as a release, judged by the rules in force on the day, and each judgement says why.",
        language,
    )
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>tilsyn: {heading}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{heading}</h1><p class=lead>{escape(lead)}</p>",
        _letters(letters, language),
    ]
    for title, day, findings in found:
        told = gettext("judged by the rules of {day}", language, day=day)
        parts.append(f"<h2>{escape(title)}</h2><p>({escape(told)})</p>")
        judged = [f for f in findings if f.verdict != "not_judged"]
        left = [f for f in findings if f.verdict == "not_judged"]
        parts.append(_table(judged, language))
        if left:
            told = gettext("{count} not judged – see why", language, count=len(left))
            summary = f"<summary>{escape(told)}</summary>"
            parts.append(f"<details>{summary}{_table(left, language)}</details>")
    parts.append(_odd([release for _, release in stored], language))
    parts.append(_files(stored, language))
    return "\n".join([*parts, "</body></html>\n"])


def _letters(letters: Sequence[Path], language: str) -> str:
    files = " · ".join(
        f'<a href="{escape(path.as_posix())}">{escape(path.name)}</a>'
        for path in letters
        if path.suffix != ".png"
    )
    alternatives = (gettext("Page {n} of the letter", language, n=n) for n in count(1))
    pictures = "".join(
        f'<a href="{escape(path.as_posix())}"><img src="{escape(path.as_posix())}" '
        f'alt="{escape(alternative)}"></a>'
        for path, alternative in zip(
            (p for p in letters if p.suffix == ".png"), alternatives, strict=False
        )
    )
    heading = escape(gettext("The letter", language))
    return f"<h2>{heading}</h2><p>{files}</p><div class=pages>{pictures}</div>"


def _table(findings: Sequence[Finding], language: str) -> str:
    heads = "".join(
        f'<th scope="col">{escape(pgettext("column of a command", head, language))}</th>'
        for head in HEADS
    )
    rows = "".join(_row(finding, language) for finding in findings)
    return (
        f"<div class=wide><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(finding: Finding, language: str) -> str:
    tail = finding.explanation[language].removeprefix(finding.sentence[language]).strip()
    cells = (
        escape(MUNICIPALITIES[finding.municipality].name),
        escape(MEASURES[finding.measure].name(language)),
        escape(ROWS[finding.grp].name(language)),
        escape(wording.months_short(finding.span, language)),
    )
    verdict = escape(VERDICTS[finding.verdict].name(language))
    reason = escape(finding.sentence[language])
    basis = escape(gettext("Basis, rule and source", language))
    more = f"<details><summary>{basis}</summary><p>{escape(tail)}</p></details>"
    return (
        "<tr>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + f'<td class="verdict {finding.verdict}">{verdict}</td><td>{reason}{more}</td></tr>'
    )


def _odd(stored: Sequence[Release], language: str) -> str:
    heading = gettext("What is odd in the tables", language)
    lead = gettext("Nothing was mended in silence; what the reader noticed stands here.", language)
    parts = [f"<h2>{escape(heading)}</h2><p>{escape(lead)}</p>"]
    for release in stored:
        if release.anomalies:
            items = "".join(f"<li>{escape(a.text(language))}</li>" for a in release.anomalies)
            parts.append(f"<h3>{escape(release.id)}</h3><ul>{items}</ul>")
    return "".join(parts)


def _files(stored: Sequence[tuple[Path, Release]], language: str) -> str:
    items = "".join(
        f'<li><a href="{escape(folder.as_posix())}/manifest.toml">{escape(folder.as_posix())}</a>'
        f" ({release.figures.height})</li>"
        for folder, release in stored
    )
    heading = escape(gettext("Files", language))
    return f'<h2>{heading}</h2><ul><li><a href="findings.json">findings.json</a></li>{items}</ul>'
