"""The commands site migrate, serve, providers, take-in and demo, and doctor: an installation of the site."""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tilsyn.cli import arguments, installation, users
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.protection import keys

app = typer.Typer(
    no_args_is_help=True,
    help="An installation of the site; its settings are environment variables.",
)


users.register_on(app)


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="site")
    root.command("doctor")(_doctor)


@app.command("migrate")
def _migrate() -> None:
    """Make the database and the data folder, or bring them up to this version.

    Example: `tilsyn site migrate`
    """
    installation.ready()
    out.print(f"{_ready().name}: ready")


def _ready() -> Path:
    """The data folder, with database and folders of this version."""
    from django.conf import settings
    from django.core.management import call_command

    folder = Path(settings.DATA_DIR)
    for name in ("releases", "documents", "outbox", "static"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    key = folder / "secret_key"
    if not key.exists() and "SECRET_KEY" not in os.environ:
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(64) + "\n")
    protection = keys.place(folder)
    assert protection is not None
    keys.make(protection, if_absent=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return folder


@app.command("providers", no_args_is_help=True)
def _providers(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What SIGN_IN_FILE is to name.")],
    host: Annotated[
        str, typer.Option("--host", help="The name the site answers to.")
    ] = "tilsyn.example.org",
) -> None:
    """Read a file of providers: what each must be told about the site, and which claims give which roles.

    Nothing is asked of the providers; `tilsyn doctor` does that.

    Example: `tilsyn site providers sign-in.toml --host tilsyn.example.org`
    """
    from tilsyn.site.providers.answering import addresses
    from tilsyn.site.providers.configuration import read_sign_in

    for one in read_sign_in(str(file)).providers:
        out.print(f"{one.provider_id}: {one.name}", markup=False)
        for name, address in addresses(one, host).items():
            out.print(f"  {name}: {address}", markup=False)
        if gives := one.memberships:
            for value, (role, kind, scope) in gives.values.items():
                area = scope or "of the privilege's CVR number"
                out.print(f"  {gives.claim} {value}: {role}, {kind} {area}", markup=False)


@app.command("take-in", no_args_is_help=True)
def _take_in(
    folders: Annotated[list[Path], typer.Argument(metavar="RELEASE...", help="Release folders.")],
    approve_by: Annotated[
        str | None,
        typer.Option(
            "--approve-by", metavar="EMAIL", help="Also take it into use, as this approver."
        ),
    ] = None,
) -> None:
    """Make releases known to the installation: copied into its data folder, waiting to be approved.

    Example: `tilsyn site take-in releases/hedensted-2022-05 --approve-by approver@example.org`
    """
    installation.ready()
    from tilsyn.cases import actions, knowledge

    for folder in folders:
        record = knowledge.take_in(folder)
        if approve_by and record.status == "arrived":
            record = actions.approve_release(release=record, by=installation.user(approve_by))
        out.print(f"{record.name}: {record.status}")
    _make_ready()


@app.command("refresh")
def _refresh() -> None:
    """Make ready what pages show of the day: the figures known, the judgements on them, and a
    municipality's outlook on its own register and how its plan stands.

    Pages make it themselves when it is missing; the first reader then waits. `tilsyn tick`, `site
    take-in` and `site serve --production` do it too.

    Example: `tilsyn site refresh`
    """
    installation.ready()
    out.print(f"{_make_ready()} judgements ready")


def _make_ready() -> int:
    from tilsyn.cases import knowledge, outlooks, trials
    from tilsyn.cases.clock import today
    from tilsyn.cases.plans import standing
    from tilsyn.site.board import make_ready

    trials.prepare(outlooks.prepare(today()))
    standing.prepare(today())
    knowledge.prepare(today())
    return len(make_ready(today()).findings)


@app.command("backup", no_args_is_help=True)
def _backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .tar.gz that is not there yet.")],
) -> None:
    """Write the database and the data folder into one file; the site may be running.

    Example: `tilsyn site backup /backup/tilsyn-2026-11-22.tar.gz`
    """
    installation.ready()
    from tilsyn.site import backup

    with progress() as shown:
        task = shown.add_task(file.name, total=None)
        contents = backup.backup(file, told=lambda _: shown.advance(task))
    out.print(f"{file}: {len(contents['files'])} files, {file.stat().st_size / 1e6:.1f} MB")
    if absent := contents["absent"]:
        remark(
            f"{len(absent)} files the database names are not in the data folder, so not in the backup "
            f"({absent[0]}); run `tilsyn doctor`"
        )


@app.command("restore", no_args_is_help=True)
def _restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `site backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Set the data folder there is aside.")
    ] = False,
) -> None:
    """Verify a backup and put it in the place of the installation; stop the site first.

    Every file's hash is held against the backup's list before anything is touched.

    Example: `tilsyn site restore /backup/tilsyn-2026-11-22.tar.gz --replace`
    """
    installation.ready()
    from tilsyn.site import backup

    with progress() as shown:
        task = shown.add_task(file.name, total=None)
        contents = backup.restore(file, replace=replace, told=lambda _: shown.advance(task))
    _ready()
    out.print(f"{len(contents['files'])} files of {contents['made_at']} are in place")


@app.command("demo")
def _demo(
    country: Annotated[
        bool, typer.Option("--country", help="Also made-up figures for the rest of the country.")
    ] = False,
) -> None:
    """Fill the installation with the sample releases, cases, and a user for each role.

    Example: `tilsyn site demo`
    """
    _migrate()
    from tilsyn.cli.demo.cases import fill

    logins = fill(country=country)
    width = max(len(login.email) for login in logins)
    for login in logins:
        out.print(f"{login.email:<{width}}  {login.password}  {login.name}", markup=False)


@app.command("serve")
def _serve(
    port: Annotated[int, typer.Option("--port", help="Where it answers.")] = 8000,
    production: Annotated[
        bool, typer.Option("--production", help="Behind TLS, with several workers.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", help="How many, in production.")] = 4,
) -> None:
    """Serve the site: on this machine only, or with --production behind a proxy that ends TLS.

    In production the database is first brought up to this version, the static files are gathered,
    and what pages show of the day is made ready.

    Example: `tilsyn site serve --port 8000`
    """
    if not production:
        os.environ.setdefault("LOCAL", "1")
    installation.ready()
    address = f"0.0.0.0:{port}" if production else f"127.0.0.1:{port}"
    command = ["gunicorn", "tilsyn.site.wsgi", "--config", "python:tilsyn.site.server"]
    command += ["--bind", address, "--workers", str(workers if production else 1)]
    if production:
        from django.core.management import call_command

        _ready()
        call_command("collectstatic", verbosity=0, interactive=False)
        _make_ready()
    else:
        out.print(f"http://{address}/")
    os.execv(sys.executable, [sys.executable, "-m", *command])


_LOOKS = {"ok": "green", "remark": "yellow", "wrong": "bold red"}


def _doctor(output: arguments.FormatOption = "table") -> None:
    """Look an installation over: settings, key, folders, database, releases, documents, mail, tick.

    One line a thing, with the mend where something is wrong; then the command ends with exit code 3.

    Example: `tilsyn doctor`
    """
    installation.ready()
    from tilsyn.site.doctor import examine

    found = []
    for one in examine():
        found.append(one)
        if output != "json":
            line = Text.assemble(
                (f"{one.status:<6}", _LOOKS[one.status]), f"  {one.what}: {one.words}"
            )
            if one.mend:
                line.append(f"; {one.mend}", style="bold")
            out.print(line, soft_wrap=True)
    if output == "json":
        out.print_json(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    if any(one.status == "wrong" for one in found):
        raise typer.Exit(3)
