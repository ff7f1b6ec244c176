"""The commands figures audit and figures protect: what "." hides, and whether it does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments, engines
from tilsyn.cli.terminal import err, out, progress, remark
from tilsyn.errors import UsageError
from tilsyn.figures import release as releases
from tilsyn.figures.printing import printed
from tilsyn.figures.release import Release
from tilsyn.figures.vintages import gather, released
from tilsyn.protection import (
    SOURCES,
    Discretion,
    Parameters,
    Recovered,
    audit,
    dropped,
    failing,
    in_words,
    keys,
    known_by_neighbours,
    protected,
)
from tilsyn.vocabulary import area_name


def register(figures: typer.Typer) -> None:
    """Add the commands to the group `figures`."""
    figures.command("audit", no_args_is_help=True)(_audit)
    figures.command("protect", no_args_is_help=True)(_protect)
    figures.command("key", no_args_is_help=True)(_key)


def _audit(
    tables: arguments.Sources,
    smallest: Annotated[
        int | None,
        typer.Option(
            "--smallest",
            metavar="N",
            help='"." means a count below N, in all tables. Default: below 3 in published tables, '
            "any count in protected ones.",
        ),
    ] = None,
    zeros: Annotated[
        Literal["seen", "shown", "hidden"] | None,
        typer.Option(
            "--zeros",
            help='Whether nought is shown or hidden as "." too; "seen": shown if one is seen. Default: seen in '
            "published tables, hidden in protected ones.",
        ),
    ] = None,
    empty_share_is_zero: Annotated[
        bool,
        typer.Option("--empty-share-is-zero", help='A share shown as "." stands for nought.'),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the hidden cells that keep their secret.")
    ] = False,
    insiders: Annotated[
        Path | None,
        typer.Option(
            "--insiders",
            metavar="RELEASE",
            help="The exact figures: also find what each municipality, which knows its own of them, "
            "can compute of others.",
        ),
    ] = None,
    knowing: Annotated[
        list[str] | None,
        typer.Option(
            "--knowing",
            metavar="NAME",
            help="With --insiders: only these municipalities; may be repeated.",
        ),
    ] = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Find the hidden cells that can be computed from everything published together, and how.

    Every hidden cell gets the tightest interval that follows from totals, shares, areas, the other
    tables and earlier releases. `--format json` lists them all.

    Example: `tilsyn figures audit samples/ishoej-2023-11/tables.csv`, or `tilsyn figures audit
    public/2023-10-shown --insiders releases/2023-10`
    """
    if knowing and insiders is None:
        raise UsageError("--knowing: say with --insiders which release has the exact figures")
    codes = [arguments.municipality(name, "--knowing") for name in knowing or ()]
    frame = gather(tables)
    if smallest is not None and smallest < 2:
        raise UsageError("--smallest: must be 2 or more; 3 says that 1 and 2 are hidden")
    rules = {
        provenance: replace(
            rule if smallest is None else Discretion(smallest),
            zeros=zeros or rule.zeros,
            empty_share_is_zero=empty_share_is_zero,
        )
        for provenance, rule in SOURCES.items()
    }
    exact = None if insiders is None else releases.read(insiders).figures
    known_to_fail = failing(map(releases.manifest, released(tables)))
    found = audit(frame, discretion=rules, failing=known_to_fail, exact=exact)
    if known_to_fail and exact is None:
        kinds = ", ".join(sorted({kind for _, kind in known_to_fail}))
        remark(f"not relied on, because the release says that it does not hold: {kinds}")
    _not_relied_on(dropped(frame, discretion=rules, failing=known_to_fail, exact=exact))
    inside: list[Recovered] = []
    if exact is not None:
        with err.status("Looking with each municipality's eyes ..."):
            inside = known_by_neighbours(
                frame,
                exact,
                municipalities=codes,
                discretion=rules,
                smallest=smallest or Parameters().smallest,
            )
    if output == "json":
        out.print_json(json.dumps([one.record() for one in [*found, *inside]], ensure_ascii=False))
        return
    known = [one for one in found if one.exact]
    out.print(f"{len(known)} of {len(found)} hidden cells can be computed.")
    if insiders is not None:
        out.print(
            f"{len({one.figure.cell for one in inside})} more can be computed by a municipality that "
            "knows its own figures."
        )
    listed = [*(found if everything else known), *inside]
    if listed:
        out.print(_table(listed, language))


def _not_relied_on(kinds: Mapping[str, int]) -> None:
    if kinds:
        remark(f"not relied on where the figures do not satisfy it: {in_words(kinds, 'en')}")


def _table(found: list[Recovered], language: arguments.Language) -> Table:
    shown = Table("", "", "", "", box=SIMPLE_HEAD, pad_edge=False, show_header=False)
    for one in found:
        low = printed(one.low, one.figure.statistic, language)
        high = "…" if one.high is None else printed(one.high, one.figure.statistic, language)
        value = low if one.exact else f"{low}–{high}"
        by = one.by and area_name("municipality", one.by, language)
        shown.add_row(one.figure.describe(language), value, one.derivation.get(language, ""), by)
    return shown


def _protect(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="The release to protect.")],
    into: Annotated[Path, typer.Option("--out", metavar="RELEASE", help="The release to make.")],
    smallest: Annotated[
        int, typer.Option("--smallest", metavar="N", help="The smallest count that is shown.")
    ] = 3,
    hide_zeros: Annotated[bool, typer.Option("--hide-zeros", help="Hide nought as well.")] = False,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key-file",
            metavar="FILE",
            help="The secret key to protect with (or the environment variable PROTECTION_KEY_FILE).",
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", metavar="SOURCE", help="What was published earlier; repeatable."),
    ] = None,
    engine: engines.Option = engines.Name.local,
    master: engines.Master = None,
) -> None:
    """Make a release that can be shown to others: small counts hidden, and what would give them back.

    Figures measured from a register are protected; published ones pass as printed. Shares are
    rounded to one decimal. What is hidden beside small counts hangs on the secret key, so that who knows
    the program cannot work it out; the same key gives the same release again. The manifest says how; how much is said here alone, since small counts could
    be computed from it.

    Example: `tilsyn figures protect releases/2023-10 --out public/2023-10-shown --against
    public/2023-09-shown`
    """
    parameters = Parameters(smallest, hide_zeros, key)
    old = releases.read(release)
    if into.name == old.id:
        raise UsageError(f"--out: the protected release needs a name of its own, not '{old.id}'")
    before = [gather([path]) for path in against or []]
    cluster = engines.spark(engine, master)
    with progress() as bar:
        task = bar.add_task("protecting", total=None)
        made = protected(
            old.figures, parameters=parameters, against=before, engine=cluster,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )  # fmt: skip
    record = {
        **made.record()["protection"],
        "of": old.id,
        "against": [path.name for path in against or []],
    }
    renamed = made.figures.with_columns(pl.lit(into.name).alias("release"))
    releases.write(
        Release(
            id=into.name,
            published=old.published,
            figures=renamed,
            sources=old.sources,
            set_aside=old.set_aside,
            extra={**old.extra, "protection": record},
        ),
        into,
    )
    kinds: Counter[str] = Counter()
    for (_, kind), many in made.broken.items():
        kinds[kind] += many
    _not_relied_on(kinds)
    hidden = made.hidden
    out.print(
        f"{into}: {hidden['primary']} small counts hidden, {hidden['complementary']} more to protect "
        f"them, {hidden['share']} shares"
    )
    if hidden["already_public"]:
        remark(
            f"{hidden['already_public']} hidden cells follow from what was published earlier; "
            "hiding them now cannot undo that"
        )
    if hidden["known_to_neighbours"]:
        remark(
            f"{hidden['known_to_neighbours']} hidden cells can be computed by a municipality that "
            "knows its own figures; no other cells are left to hide for them"
        )


def _key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.")],
) -> None:
    """Make the secret key that figures are protected with: once for an installation, kept as its secret is.

    It is not replaced: months already shown were protected with it.

    Example: `tilsyn figures key /etc/tilsyn/protection_key`
    """
    keys.make(file)
    out.print(f"{file}: a new key; keep it secret, keep a copy, and name it as {keys.VARIABLE}")
