"""From figures to a finished document of any kind: what it needs is checked before it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

import tilsyn
from tilsyn.documents.contents.kinds import KINDS, Kind, NothingToWrite
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import job_centre
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead, letterhead_of
from tilsyn.documents.model import Document, Stamp
from tilsyn.documents.outputs import rendered
from tilsyn.documents.renderers.eml import Party, eml
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.anomalies import Anomaly, find
from tilsyn.protection import Shown
from tilsyn.rules import Catalogue, Finding, follow_up, judge
from tilsyn.rules.model import AnyMonth
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.words import Message


def kind_of(name: str) -> Kind:
    """The kind with this name.

    Raises:
        UsageError: there is none.
    """
    if name not in KINDS:
        raise UsageError(f"there is no document '{name}'; there are {', '.join(KINDS)}")
    return KINDS[name]


def produce(
    kind: Kind,
    shown: Shown,
    *,
    municipality: str,
    on: dt.date,
    facts: CourseFacts,
    catalogue: Catalogue,
    letterhead: Letterhead | None = None,
    language: str = "da",
    templates: Path | None = None,
    anomalies: Sequence[Anomaly] = (),
) -> Document:
    """A document of a kind for a municipality.

    Args:
        kind: the kind of document.
        shown: the figures as they were known, as its readers may see them.
        municipality: its code.
        on: the day of the judgement.
        facts: the course's facts.
        catalogue: the rules at hand.
        letterhead: the office's; by default that of the municipality's office.
        language: "da" or "en".
        templates: a folder with the office's own texts.
        anomalies: what was found odd when the figures were read; slipped rows are looked for anew.

    Raises:
        InputError: facts or figures the kind cannot do without are wanting (all are listed), or rows
            among its figures have slipped.
        NothingToWrite: no finding gives occasion for it.
        NoRuleError: a rule has no version on its date.
    """
    where, figures = MUNICIPALITIES[municipality].name, shown.figures
    facts.demand(kind.facts, f"{where}: the {kind.name}")
    if lacking := [str(need) for need in kind.requires if not need.met(figures, municipality)]:
        raise InputError(
            Message(
                "{place}: the {kind} cannot be written, because there are no figures of {figures}",
                place=where,
                kind=kind.name,
                figures="; ".join(lacking),
            )
        )
    own = figures.filter(pl.col("area") == municipality)
    odd = [*(a for a in anomalies if a.kind != "shifted_rows"), *find(own)]
    if kind.blocked_by_shift:
        _refuse_shifted(kind, odd, where)
    findings = findings_for(
        kind, figures, municipality=municipality, on=on, facts=facts, catalogue=catalogue
    )
    occasion = Occasion(
        municipality=municipality,
        findings=findings,
        figures=figures,
        facts=_addressed(facts, municipality, language, templates),
        letterhead=letterhead or letterhead_of(MUNICIPALITIES[municipality].amk),
        catalogue=catalogue,
        stamp=stamp(findings),
        language=language,
        templates=templates,
        anomalies=odd,
    )
    return kind.build(occasion)


def _refuse_shifted(kind: Kind, anomalies: Sequence[Anomaly], where: str) -> None:
    for anomaly in anomalies:
        if anomaly.kind == "shifted_rows" and anomaly.measure in kind.measures:
            raise InputError(
                Message(
                    "{place}: the {kind} is not written from figures that have slipped; make a "
                    "corrected release with `tilsyn figures correct`. {anomaly}",
                    place=where,
                    kind=kind.name,
                    anomaly=anomaly.en,
                )
            )


def _addressed(
    facts: CourseFacts, municipality: str, language: str, templates: Path | None
) -> CourseFacts:
    """The facts with addressee and salutation: by default of the head of the municipality's job centre."""
    ours = job_centre(municipality, language, templates)
    addressee, greeted = facts.addressee or ours, facts.salutation
    if addressee == ours and not greeted:
        greeted = texts("frame", language, templates).fill("salutation.job_centre")
    return facts.model_copy(update={"addressee": addressee, "salutation": greeted})


def findings_for(
    kind: Kind,
    figures: pl.DataFrame,
    *,
    municipality: str,
    on: dt.date,
    facts: CourseFacts,
    catalogue: Catalogue,
) -> list[Finding]:
    """The findings a kind of document rests on.

    A follow-up is asked about the subjects of the course's latest letter; the day of the notice
    picks its version, because a course keeps the rule it began under.

    Raises:
        NothingToWrite: none of them gives occasion for the document.
        NoRuleError: a rule has no version on its date.
    """
    findings: list[Finding] = []
    for code in kind.rules:
        if not isinstance(catalogue[code].version[-1].criterion, AnyMonth):
            findings += judge(
                figures, on=on, catalogue=catalogue, rule=code, municipality=municipality
            )
        elif facts.notice and facts.follow_up:
            findings += [
                follow_up(
                    figures,
                    on=on,
                    letter=facts.notice.date or facts.date,
                    catalogue=catalogue,
                    municipality=municipality,
                    measure=subject.measure,
                    grp=subject.group,
                    months=facts.follow_up,
                    rule=code,
                )
                for subject in facts.subjects
            ]
    if kind.verdicts and not any(finding.verdict in kind.verdicts for finding in findings):
        verdicts = " or ".join(f"'{verdict}'" for verdict in kind.verdicts).replace("_", " ")
        raise NothingToWrite(
            Message(
                "{place} has no finding {verdicts} on {day}, so there is no {kind} to write; "
                "`tilsyn judge ... --on {day} --all` shows why",
                place=MUNICIPALITIES[municipality].name,
                verdicts=verdicts,
                day=str(on),
                kind=kind.name,
            )
        )
    return findings


def file_name(kind: Kind, municipality: str, on: dt.date) -> str:
    """What a document's files are called, without ending: "notice-hedensted-2022-05-15"."""
    return f"{kind.name}-{MUNICIPALITIES[municipality].name.lower().replace(' ', '-')}-{on}"


def issue(kind: Kind, shown: Shown, *, formats: Sequence[str], **given: Any) -> dict[str, bytes]:
    """A document's files by name, all made before any is written; nothing is sent.

    Args:
        kind: the kind of document.
        shown: the figures as they were known, as its readers may see them.
        formats: the forms wanted; "eml" is an unsent e-mail with the document as PDF and Word, and
            with what its kind encloses.
        given: as `produce`.

    Raises:
        InputError: as `produce`; or a form is unknown.
    """
    document = produce(kind, shown, **given)
    name = file_name(kind, given["municipality"], given["on"])
    files = rendered(document, name, [form for form in formats if form != "eml"])
    if "eml" in formats:
        files[f"{name}.eml"] = _message(kind, document, shown, given)
    return files


def _message(kind: Kind, document: Document, shown: Shown, given: Mapping[str, Any]) -> bytes:
    """The unsent e-mail of a document, with what its kind encloses."""
    language, facts = given.get("language", "da"), given["facts"]
    attached = rendered(document, kind.title(language), ["pdf", "docx"])
    for name in kind.encloses:
        enclosed = KINDS[name]
        try:
            beside = produce(enclosed, shown, **given)
        except NothingToWrite:
            continue
        attached |= rendered(beside, enclosed.title(language), enclosed.enclosed_as)
    office = given.get("letterhead") or letterhead_of(MUNICIPALITIES[given["municipality"]].amk)
    return eml(
        document,
        to=Party(", ".join(document.addressee), facts.email or ""),
        cc=[Party.of(text) for text in facts.cc],
        sender=office.names(language).email,
        attachments=attached,
    )


def stamp(findings: Sequence[Finding]) -> Stamp:
    """What a document made from these findings says it was made from."""
    return Stamp(
        releases=tuple(sorted({name for f in findings for name in f.release})),
        rule=", ".join(dict.fromkeys(f"{f.rule} {f.version.name}" for f in findings)) or "–",
        program=f"tilsyn {tilsyn.__version__}",
    )
