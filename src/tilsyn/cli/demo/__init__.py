"""The commands demo and samples: the whole chain on the real figures that come with the program."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tilsyn.cli import arguments, judge
from tilsyn.cli.demo import installation
from tilsyn.cli.demo.installation import Sample, samples, store
from tilsyn.cli.demo.page import page
from tilsyn.cli.terminal import out, progress
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import read_facts
from tilsyn.documents.outputs import save
from tilsyn.documents.production import produce
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.vintages import known_on
from tilsyn.protection import Audience, for_audience
from tilsyn.rules import Finding, follow_up, shipped
from tilsyn.rules import judge as judged
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange
from tilsyn.words import gettext
from tilsyn.work.files import folder_beside, put_whole

MARK = ".made-by-tilsyn-demo"
"""A folder with this file in it was made by the demo and may be made anew."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("demo")(_demo)
    app.command("samples", no_args_is_help=True)(_samples)


def _samples(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where they go; must not exist.")],
) -> None:
    """Copy the sample documents into a folder, to try the program on.

    Example: `tilsyn samples samples`
    """
    if folder.exists():
        raise InputError("exists already; choose another name", file=folder)
    with samples() as (source, _):
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    out.print(f"{folder}: {', '.join(sorted(p.name for p in folder.iterdir() if p.is_dir()))}")


def _demo(
    folder: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Made anew each time.")
    ] = Path("demo"),
    language: arguments.LanguageOption = "da",
) -> None:
    """Published tables → dated judgements → the letter, on real figures.

    Example: `tilsyn demo --out demo`
    """
    with _made_anew(folder) as made, samples() as (_, documents), progress() as bar:
        task = bar.add_task(
            "Reading published tables", total=2 * len(documents) + 2 + installation.STEPS
        )
        stored: list[Release] = []
        for document in documents:
            stored.append(store(document, made / "releases"))
            bar.advance(task)
        found: list[tuple[Sample, list[Finding]]] = []
        for document in documents:
            bar.update(task, description="Judging by the rules of the day")
            found.append((document, _found(document, made / "releases")))
            bar.advance(task)
        bar.update(task, description="Writing the notice")
        letters = _letter(documents, made, language)
        bar.advance(task)
        words = "Measuring a municipality's own register (the first time compiles for some seconds)"
        bar.update(task, description=words)
        measured = installation.own_register(made / "own-register", done=lambda: bar.advance(task))
        own = _register_sample(measured)
        found.append((own, _found(own, measured.parent)))
        bar.advance(task)
        records = [finding.record() for _, findings in found for finding in findings]
        text = json.dumps(records, ensure_ascii=False, indent=1)
        put_whole(made / "findings.json", (text + "\n").encode())
        (made / "index.html").write_text(
            page(
                [(d.title[language], d.judged_on, f) for d, f in found],
                [(Path("releases") / release.id, release) for release in stored]
                + [(measured.relative_to(made), releases.read(measured))],
                [letter.relative_to(made) for letter in letters],
                language,
            ),
            encoding="utf-8",
        )
    _report(found, stored, folder, [letter.relative_to(made) for letter in letters], language)


def _register_sample(release: Path) -> Sample:
    """The synthetic register's release as the last of the documents."""
    title = {
        "da": "Kommunens eget register, målt i dag (opdigtede personer i Ishøj)",
        "en": "The municipality's own register, measured today (made-up persons in Ishøj)",
    }
    day = installation.REGISTERED_ON
    return Sample(release.name, day, day, title, installation.OWN, (), release)


@contextmanager
def _made_anew(folder: Path) -> Iterator[Path]:
    """A folder that takes the place of the last demo once everything in it is there.

    Raises:
        InputError: the folder exists and was not made by the demo.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise InputError("holds something else; choose another folder with --out", file=folder)
    with folder_beside(folder) as made:
        made.chmod(0o755)
        (made / MARK).touch()
        yield made
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


def _found(document: Sample, folder: Path) -> list[Finding]:
    """A document's own figures, judged as they were known on its day."""
    known = known_on(releases.read(folder / document.name).figures, document.judged_on)
    findings = judged(
        known, on=document.judged_on, catalogue=shipped(), municipality=document.municipality
    )
    findings += [
        follow_up(
            known,
            on=document.judged_on,
            letter=dt.date.fromisoformat(one["letter"]),
            catalogue=shipped(),
            municipality=document.municipality or "",
            measure=one["measure"],
            grp=one["group"],
            months=MonthRange.parse(one["months"]),
        )
        for one in document.follow_ups
    ]
    return sorted(findings, key=lambda finding: finding.gravity)


def _letter(documents: list[Sample], made: Path, language: str) -> list[Path]:
    """The notice to the municipality whose sample has the facts of a course."""
    letters: list[Path] = []
    for document in documents:
        facts = document.folder / "facts.toml"
        if facts.exists() and document.municipality:
            figures = releases.read(made / "releases" / document.name).figures
            letter = produce(
                KINDS["notice"],
                for_audience(figures, Audience.of(document.municipality), on=document.judged_on),
                municipality=document.municipality,
                on=document.judged_on,
                facts=read_facts(facts),
                catalogue=shipped(),
                language=language,
            )
            place = MUNICIPALITIES[document.municipality].name.lower()
            formats = ["pdf", "docx", "html", "png"]
            letters += save(letter, made / "letters", f"notice-{place}", formats)
    return letters


def _report(
    found: list[tuple[Sample, list[Finding]]],
    stored: list[Release],
    folder: Path,
    letters: list[Path],
    language: arguments.Language,
) -> None:
    for document, findings in found:
        shown = [finding for finding in findings if finding.verdict != "not_judged"]
        out.rule(f"[bold]{document.title[language]}[/] ({document.judged_on})", align="left")
        out.print(judge.table(shown, language))
        if left := len(findings) - len(shown):
            page = f"{folder}/index.html"
            told = gettext(
                "{count} could not be judged; the reasons are in {file}",
                language,
                count=left,
                file=page,
            )
            out.print(f"  {told}")
    odd = sum(len(release.anomalies) for release in stored)
    reported = gettext("{count} odd cells are reported", language, count=odd)
    everything, try_next = gettext("Everything", language), gettext("Try next", language)
    out.rule(align="left")
    out.print(f"[bold]{everything}:[/] {folder}/index.html")
    for letter in letters:
        out.print(f"  {folder / letter}")
    out.print(f"  {folder}/findings.json, {folder}/releases/ ({reported})")
    out.print(f"[bold]{try_next}:[/]")
    for line in (
        f"judge {folder}/releases --on 2023-12-01 -m Ishøj --all",
        f"figures diff {folder}/releases/ishoej-2023-09 {folder}/releases/ishoej-2023-11",
        "rules diff early_effort 2022-05-15 2023-12-01",
        "--help",
    ):
        out.print(f"  {_command()} {line}", markup=False)


def _command() -> str:
    """The command as it is typed here: its name where the shell finds it, else its place."""
    if shutil.which("tilsyn") == sys.argv[0]:
        return "tilsyn"
    return os.path.relpath(sys.argv[0])
