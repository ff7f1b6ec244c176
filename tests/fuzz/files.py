"""Files of every other kind the program reads, the commands and readers they go to, and options.

A kind takes its chance and an empty folder, and returns how the input ended.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
import tomllib
from functools import cache
from pathlib import Path
from random import Random

import polars as pl
import tomli_w

from tests.fuzz import hostile, tables
from tests.fuzz.oracle import Broken, nothing_unfinished, refused_or, run, whole_or_absent
from tests.fuzz.originals import (
    PDF,
    SAMPLES,
    Kind,
    argued,
    coded,
    loaded,
    originals,
    register_files,
    saved,
    texts_of,
)
from tests.fuzz.tables import changed_figures
from tests.site.providers import test_openid as openid
from tests.site.providers import test_saml as saml
from tilsyn.cases.uploads import checked_upload
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.measures import definitions
from tilsyn.planning import earlier, goals, record
from tilsyn.planning.capacity import read_capacity
from tilsyn.planning.sheets import CALL_IN
from tilsyn.planning.weeks import Weeks
from tilsyn.site.providers.configuration import read_sign_in


def rule(chosen: Random, folder: Path) -> str:
    """A rule file: checked, and sometimes judged by."""
    file = saved(
        folder / "rules" / "own.toml", hostile.toml(chosen, chosen.choice(originals().rules))
    )
    code = run("rules", "check", file)
    if chosen.random() < 0.15:
        day = chosen.choice(("2022-05-15", "2024-02-01", "0001-01-01", "9999-12-31"))
        run("judge", SAMPLES / "hedensted-2022-05" / "tables.csv", "--on", day, "--own", folder)
    return f"refused {code}" if code else "taken"


def definition(chosen: Random, folder: Path) -> str:
    """A measure definition of one's own, or the shipped seniority changed."""
    good = chosen.choice(originals().measures)
    if "measure" in good:
        words = {key: f"Egen {key}" for key in ("da", "en", "da_unmet", "en_unmet")}
        good = {**good, "measure": f"own_{chosen.randrange(10**6)}", "words": words}
    name = "own.toml" if "measure" in good else "seniority.toml"
    saved(folder / "own" / name, hostile.toml(chosen, good))
    return refused_or(lambda: definitions.load(folder / "own"))


def goal(chosen: Random, folder: Path) -> str:
    """A goal file."""
    good = chosen.choice(originals().goals)
    good = good if chosen.random() < 0.5 else {**good, "line": [{"measures": ["conversations_12m"], "groups": ["total"], "months": "2023-01..2023-03", "threshold": 20}]}  # fmt: skip
    file = saved(folder / "goal.toml", hostile.toml(chosen, good))
    return refused_or(lambda: goals.find(str(file)))


_CAPACITY = {
    "closed": [dt.date(2024, 12, 27)],
    "unit": [{"team": "north", "conversations_per_week": 10, "offers_per_week": 3,
              "change": [{"from": dt.date(2024, 4, 8), "to": dt.date(2024, 5, 1), "conversations_per_week": 0}]},
             {"caseworker": "A. A.", "conversations_per_week": 3}],
}  # fmt: skip


def capacity(chosen: Random, folder: Path) -> str:
    """A capacity file, and its room week by week."""
    file = saved(folder / "capacity.toml", hostile.toml(chosen, _CAPACITY))
    weeks = Weeks.beginning(dt.date(2024, 3, 18), 8)
    return refused_or(lambda: read_capacity(file).by_week(weeks))


def facts(chosen: Random, folder: Path) -> str:
    """Facts, a letterhead, texts or milestones of one's own: a letter is written with them, or none."""
    good = originals()
    milestone = {"measure": "conversations_6m", "group": "total", "month": "2022-09", "population": 10, "unmet": 1, "share": 10}  # fmt: skip
    said = {"facts": good.facts, "letterhead": good.letterhead, "milestones": {"milestones": [milestone]}}  # fmt: skip
    which = chosen.choice(("facts", "facts", "letterhead", "milestones"))
    words: list[object] = [f"--{which}", saved(folder / f"{which}.toml", hostile.toml(chosen, said[which]))]  # fmt: skip
    if which != "facts":
        words += ["--facts", saved(folder / "facts.toml", tomli_w.dumps(good.facts))]
    kind = chosen.choice(
        ("notice", "notice", "decision", "restoration-plan", "orientation", "warning")
    )
    target = folder / "letters"
    form = chosen.choices(("html", "docx", "eml"), (6, 2, 1))[0]
    code = run("letter", kind, "--source", SAMPLES / "hedensted-2022-05" / "tables.csv", "-m", "Hedensted",
               "--on", "2022-05-15", "--format", form, "--out", target, *words)  # fmt: skip
    return whole_or_absent(code, target, lambda found: next(found.iterdir()))


def lists(chosen: Random, folder: Path) -> str:
    """A code list of one's own: the vocabulary is made anew of it, as when a process begins."""
    name = chosen.choice(
        ("groups.toml", "measures.toml", "offer_kinds.csv", "conversation_types.csv")
    )
    good = originals().lists[name]
    content = (
        hostile.toml(chosen, tomllib.loads(good)) if name.endswith("toml") else coded(chosen, good)
    )
    saved(folder / "own" / "vocabulary" / name, content)
    kept = {one: module for one, module in sys.modules.items() if one.split(".")[0] == "tilsyn"}
    for one in kept:
        del sys.modules[one]
    os.environ["OWN"] = str(folder / "own")
    try:
        import tilsyn.register.codes as codes

        codes.read()
        return "taken"
    except Exception as error:
        if "TilsynError" not in {one.__name__ for one in type(error).__mro__}:
            raise
        if "\n" in str(error):
            raise Broken(f"not one line: {str(error)!r}") from error
        return "refused 3"
    finally:
        del os.environ["OWN"]
        for one in [one for one in sys.modules if one.split(".")[0] == "tilsyn"]:
            del sys.modules[one]
        sys.modules.update(kept)


def release(chosen: Random, folder: Path) -> str:
    """A release's folder: its manifest, anomalies or figures changed; shown, judged, corrected, protected."""
    made = folder / "in" / "release"
    releases.write(Release("release", dt.date(2022, 5, 1), originals().sample), made)
    match chosen.randrange(4):
        case 0:
            odd = [{"kind": "reading", "da": "x", "en": "x", "cells": []}]
            saved(made / releases.ANOMALIES, hostile.as_json(chosen, odd))
        case 1:
            with io.BytesIO() as data:
                changed_figures(chosen).write_parquet(data)
                saved(made / releases.FIGURES, data.getvalue() if chosen.random() < 0.7 else hostile.data(chosen, data.getvalue()))  # fmt: skip
        case _:
            own = [{"code": "own_x", "da": "x", "en": "x", "da_unmet": "x", "en_unmet": "x"}]
            said = {**loaded(made / releases.MANIFEST), "set_aside": {"spells": {"date": 1}}, "own_measures": own, "supersedes": "x", "reason": "y"}  # fmt: skip
            saved(made / releases.MANIFEST, hostile.toml(chosen, said))
    target = folder / "out"
    words = chosen.choice((
        ("figures", "show", made), ("judge", made, "--on", "2022-05-15"), ("judge", folder / "in", "--on", "2022-05-15", "--format", "json"),
        ("figures", "protect", made, "--out", target), ("figures", "audit", made),
        ("figures", "export", made, "--out", target, "--format", chosen.choice(("csv", "xlsx", "jsonstat"))),
        ("figures", "revisions", made), ("figures", "diff", made, SAMPLES / "hedensted-2022-05" / "tables.csv"),
    ))  # fmt: skip
    code = run(*words)
    if "--out" in words:
        return whole_or_absent(code, target, lambda found: found.stat())
    return f"refused {code}" if code else "taken"


_ASSISTANCE = """municipality,quarter,contacted,status,accepted_on,kinds
Ishøj,2021-Q3,2021-07-15,in_progress,2021-08-01,workflow_analysis;data_analysis
Køge,2021-Q3,2021-07-15,declined,,
183,2021-Q2,2021-04-15,undecided,,
"""


def assistance(chosen: Random, folder: Path) -> str:
    """The assistance offered, into the report to the committee."""
    samples = texts_of(SAMPLES / "committee-2021-09" / "assistance", ".csv")
    said = coded(chosen, chosen.choice((_ASSISTANCE, "status,count\nin_progress,3\ndeclined,1\n", *samples)))  # fmt: skip
    target = folder / "report"
    code = run("report", "committee", "--source", SAMPLES / "committee-2021-09" / "statements.csv", "--on", "2021-09-01",
               "--assistance", saved(folder / "assistance.csv", said), "--format", "html", "--out", target)  # fmt: skip
    return whole_or_absent(code, target, lambda found: next(found.iterdir()))


_WORKLIST = ",".join(CALL_IN) + "\n" + "\n".join(
    ",".join({"first_day": "2024-03-04", "last_day": "2024-03-08", "person": f"p{n}", "measures": "conversations_6m;conversations_12m",
              "week": "2024-W10", "kind": "conversation"}.get(name, "x") for name in CALL_IN) for n in range(3)
) + "\n"  # fmt: skip
_PLAN = {"municipality": "183", "first": dt.date(2024, 3, 4), "weeks": 26, "goal": "lines", "content": "x",
         "plan": dict.fromkeys(record.Figures.model_fields, 3) | {"gap": 0.01, "ended_by_clock": False}}  # fmt: skip


def worklist(chosen: Random, folder: Path) -> str:
    """A plan's worklist, record and milestones, and the list of people who stand behind its pseudonyms."""
    match chosen.randrange(4):
        case 0:
            saved(folder / "worklist.csv", coded(chosen, _WORKLIST))
            return refused_or(lambda: earlier.worklist(folder))
        case 1:
            saved(folder / record.FILE, hostile.toml(chosen, _PLAN))
            return refused_or(lambda: record.read(folder))
        case 2:
            good = {"milestones": [{"measure": "conversations_6m", "group": "total", "month": "2023-09", "population": 9, "unmet": 1, "share": 11}]}  # fmt: skip
            file = saved(folder / "milestones.toml", hostile.toml(chosen, good))
            return refused_or(lambda: record.read_milestones(file))
    named = "cpr;reference;name\n620190-1111;22/1;A. A.\n6201902222;22/2;B. B.\n"
    target = folder / "out" / "named.csv"
    secret = saved(folder / "secret", hostile.text(chosen) if chosen.random() < 0.1 else "a secret of more than thirty-two bytes")  # fmt: skip
    code = run("worklist", "identify", saved(folder / "worklist.csv", coded(chosen, _WORKLIST)), "--people",
               saved(folder / "people.csv", coded(chosen, named)), "--out", target, "--purpose", "x",
               "--secret-file", secret, "--log", folder / "looks.jsonl")  # fmt: skip
    target.parent.mkdir(exist_ok=True)
    return whole_or_absent(code, target, lambda found: found.stat())


def register(chosen: Random, folder: Path) -> str:
    """A register's tables and coverage."""
    good = register_files(folder.parent / "good-register")
    changed = chosen.choice(list(good))
    place = folder / "register"
    for name, content in good.items():
        if name != changed:
            saved(place / name, content)
        elif name.endswith("toml"):
            saved(place / name, hostile.toml(chosen, tomllib.loads(content)))
        elif chosen.random() < 0.9:
            saved(place / name, coded(chosen, content))
        else:
            saved(place / name.replace(".csv", ".parquet"), hostile.data(chosen, _as_parquet(content)))  # fmt: skip
    return _register_into(chosen, folder, place)


def _register_into(chosen: Random, folder: Path, place: Path) -> str:
    aside = ("--set-aside", folder / "aside.csv")
    if chosen.random() < 0.8:
        code = run("register", "check", place, *aside)
        nothing_unfinished(folder)
        return f"refused {code}" if code else "taken"
    store = folder / "store"
    code = run("register", "load", place, "--store", store, *aside)
    return whole_or_absent(code, store, lambda found: found.stat())


def _as_parquet(content: str) -> bytes:
    made = io.BytesIO()
    pl.read_csv(content.encode(), infer_schema_length=0, separator=";" if ";" in content.split("\n")[0] else ",").write_parquet(made)  # fmt: skip
    return made.getvalue()


_EXTRACTS = {
    "Ydelser.csv": "CPR;Kommune;Ydelse;Fra dato;Til dato\n620190-1111;Ishøj;Kontanthjælp;01-02-2022;31-12-9999\n6201902222;183;Sygedagpenge;01-02-2022;NULL\n",
    "samtaler.csv": "CPR\tDato\tSamtaletype\tStatus\n620190-1111\t05-03-2022 10:30\tJobsamtale\tAfholdt\n6201902222\t05-03-2022\t4\tAflyst\n",
    "timer.csv": "Borger;Lønmåned;Timer\nb1;03-2022;1.037,5\nb2;04-2022;7\n",
}  # fmt: skip
_MAPPING = {
    "empty": ["offers", "exemptions"], "coverage": {"municipalities": ["Ishøj"], "from": "2022-01-01", "to": "2022-12-31"},
    "table": [
        {"table": "spells", "files": "Ydelser*.csv", "separator": ";", "dates": ["dd-mm-yyyy"], "by_name": ["municipality"], "no_end": ["31-12-9999"],
         "columns": {"person": "CPR", "municipality": "Kommune", "group": "Ydelse", "start": "Fra dato", "end": "Til dato"},
         "values": {"group": {"Kontanthjælp": "kontanthjaelp"}, "end": {"NULL": ""}}, "leave_out": {"group": "Sygedagpenge"}},
        {"table": "conversations", "files": ["samtaler.csv"], "separator": "\t", "dates": ["dd-mm-yyyy"], "by_name": ["type"],
         "columns": {"person": "CPR", "held": "Dato", "type": ["Samtaletype", "Type"]}, "keep": {"Status": ["Afholdt"]}},
        {"table": "hours", "files": "timer.csv", "separator": ";", "dates": ["mm-yyyy"], "decimals": ",", "thousands": ".",
         "columns": {"person": "Borger", "month": "Lønmåned", "hours": "Timer"}},
    ],
}  # fmt: skip


def extracts(chosen: Random, folder: Path) -> str:
    """Extracts of any form: looked at, or read by a mapping; one of them, or the mapping, is not meant."""
    place, mapping = folder / "extracts", folder / "extracts" / "mapping.toml"
    changed = chosen.choice((*_EXTRACTS, mapping.name))
    for name, content in _EXTRACTS.items():
        saved(place / name, coded(chosen, content) if name == changed else content)
    if changed != mapping.name and chosen.random() < 0.6:
        code = run("register", "look", place)
        return whole_or_absent(code, mapping, lambda found: tomllib.loads(found.read_text("utf-8")))
    told = hostile.toml(chosen, _MAPPING) if changed == mapping.name else tomli_w.dumps(_MAPPING)
    saved(mapping, told)
    code = run("register", "check", "--mapping", mapping, "--set-aside", folder / "aside.csv")
    nothing_unfinished(folder)
    return f"refused {code}" if code else "taken"


_DELIVERED = {
    "ydelsesrefusion": "Uge;CPR nummer;Ydelse;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;Refusionssats;"
    "Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb;Finansiering Kommunenavn\n"
    '2024-01-01;620190-1111;"Kontanthjælp";;1.234,50;30,00;370,35;70;0,00;Ishøj\n'
    '2024-01-08;620190-1111;"Kontanthjælp";;1.234,50;30,00;370,35;70;0,00;Ishøj\n',
    "dfdg": "CPR nummer;samtaleafholdelsesDato;interviewTypeIdentifier;registreringstidspunkt\n620190-1111;2023-02-01;4;2023-02-02\n6201902222;2023-03-01T10:00:00Z;7;2023-03-02\n",
    "eindkomst": "CPR;Lønperiode start;Lønperiode slut;011;096\n6201901111;2023-01-01;2023-01-31;I;1.037,5\n6201902222;01-02-2023;28-02-2023;T;12\n",
}  # fmt: skip


def delivery(chosen: Random, folder: Path) -> str:
    """A municipal delivery, and a mapping of one's own."""
    source = chosen.choice(tuple(_DELIVERED))
    file = saved(folder / "delivery.csv", coded(chosen, _DELIVERED[source]))
    words: list[object] = []
    if chosen.random() < 0.4:
        table = "spells" if source == "ydelsesrefusion" else "conversations"
        mapping = f'[[table]]\ntable = "{table}"\nfiles = "*"\ndates = ["dd-mm-yyyy"]\ncolumns = {{ person = "CPR-nr", held = "Samtaledato", type = "Samtaletype" }}\nvalues = {{ type = {{ "4" = "7" }} }}\n'  # fmt: skip
        saved(folder / "own" / "sources" / f"{source}.toml", coded(chosen, mapping))
        words = ["--own", folder / "own"]
    target = folder / "out" / "register"
    code = run("register", "from", source, file, "--out", target, *words)
    target.parent.mkdir(exist_ok=True)
    return whole_or_absent(code, target, lambda found: found.stat())


def upload(chosen: Random, folder: Path) -> str:
    """A file sent to the site: heads and packages that are not what they say."""
    return refused_or(lambda: checked_upload(*sent(chosen)))


def sent(chosen: Random) -> tuple[str, bytes]:
    """The name and bytes of an upload."""
    end = chosen.choice((".pdf", ".docx", ".xlsx", ".PDF", ".exe", "", ".docx.pdf"))
    stem = chosen.choice(("svar", hostile.text(chosen), "010190-1234", "a" * 250))
    match chosen.randrange(4):
        case 0:
            data = hostile.data(chosen, PDF)
        case 1:
            data = chosen.choice((b"", b"PK\x03\x04", b"%PDF-", b"MZ", chosen.randbytes(60)))
        case _:
            data = hostile.package(chosen, office(chosen.choice(("word/document.xml", "xl/workbook.xml"))))  # fmt: skip
    return f"{stem}{end}", data


@cache
def office(part: str) -> bytes:
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "_rels/.rels", part):
            packed.writestr(name, "<x>a b c 1</x>\n" * 20)
    return made.getvalue()


_SIGN_IN = tomllib.loads(
    openid.FILE.format(url="https://a.example")
    + saml.FILE.format(entity="https://b.example", certificate="x", key="x")
)


def sign_in(chosen: Random, folder: Path) -> str:
    """The settings of sign-in providers."""
    file = saved(folder / "sign-in.toml", hostile.toml(chosen, _SIGN_IN))
    return refused_or(lambda: read_sign_in(str(file)).as_allauth_has_them())


def options(chosen: Random, folder: Path) -> str:
    """Good files and options nobody means."""
    sample = SAMPLES / "hedensted-2022-05" / "tables.csv"
    target = folder / "out" / "o"
    template: tuple[object, ...] = chosen.choice((
        ("judge", sample, "--on", "2022-05-15", "-m", "Hedensted", "-r", "early_effort"),
        ("follow-up", sample, "--on", "2022-05-15", "-m", "Hedensted", "--months", "2022-01..2022-02"),
        ("figures", "show", sample, "-m", "Hedensted", "--measure", "conversations_6m", "--months", "2021-12..2022-02", "--known-on", "2022-06-01"),
        ("figures", "audit", sample, "--smallest", "3", "--zeros", "seen"),
        ("figures", "export", sample, "--out", target, "--format", "csv"),
        ("rules", "show", "early_effort", "--on", "2022-05-15"),
        ("rules", "diff", "early_effort", "2022-05-15", "2024-05-15"),
        ("letter", "facts", "--source", sample, "-m", "Hedensted", "--on", "2022-05-15", "--reference", "22/1", "--out", target),
        ("register", "make", target, "--persons", "5", "--from", "2023-01", "--to", "2023-02", "--seed", "1", "-m", "Ishøj"),
        ("register", "reconstruct", sample, "-m", "Hedensted", "--month", "2022-01", "--out", target),
        ("measure", folder, "--from", "2023-01", "--to", "2023-02", "--known-on", "2024-01-01", "--out", target),
        ("explain", folder, "-m", "Ishøj", "--measure", "conversations_6m", "--month", "2023-01"),
        ("plan", folder, "-m", "Ishøj", "--from", "2024-01-08", "--capacity", sample, "--weeks", "4", "--what-if", "capacity+20%", "--out", target),
        ("outlook", folder, "-m", "Ishøj", "--on", "2024-01-08"),
        ("documents", "seal", sample, "--into", target, "--on", "2024-01-01"),
        ("note", "status", "--source", sample, "-m", "Hedensted", "--on", "2022-05-15", "--out", target, "--format", "html"),
        ("looks", "--log", folder / "looks.jsonl"),
    ))  # fmt: skip
    words = list(template)
    for _ in hostile.some(chosen):
        at = chosen.randrange(1, len(words))
        if not str(words[at - 1]).startswith("--persons"):
            words[at] = hostile.text(chosen)
    os.chdir(folder)
    code = run(*argued(words))
    nothing_unfinished(folder)
    return f"refused {code}" if code else "taken"


KINDS: dict[str, tuple[int, Kind]] = {
    "letter": (26, tables.letter), "table": (26, tables.table), "workbook": (14, tables.workbook), "answer": (12, tables.answer),
    "archived": (4, tables.archived), "statistics": (9, tables.statistics), "parquet": (7, tables.parquet), "rule": (10, rule),
    "definition": (10, definition), "goal": (8, goal), "capacity": (8, capacity), "facts": (6, facts),
    "lists": (4, lists), "release": (8, release), "assistance": (3, assistance), "worklist": (8, worklist),
    "register": (5, register), "delivery": (6, delivery), "extracts": (8, extracts), "upload": (10, upload), "sign_in": (4, sign_in),
    "options": (8, options),
}  # fmt: skip
"""By name: its share, and what makes and tries an input."""
