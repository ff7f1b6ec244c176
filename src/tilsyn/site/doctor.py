"""What is the matter with an installation: one line a thing, with the mend where something is wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import smtplib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.checks import run_checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tilsyn import own
from tilsyn.cases import storage
from tilsyn.cases.delivery import GIVES_UP_AFTER
from tilsyn.cases.models import Document, Incoming, Message, ReleaseRecord
from tilsyn.cases.tick import last_tick
from tilsyn.errors import TilsynError
from tilsyn.figures import release as releases
from tilsyn.figures.release import MANIFEST
from tilsyn.protection import keys
from tilsyn.site.providers.answering import addresses, faults
from tilsyn.site.providers.configuration import OpenId, Saml

SPACE = 2 * 2**30
"""Bytes that should be free."""
WAITS = dt.timedelta(days=1)
"""A message that has waited this long, and a tick this long ago, are remarked on."""

Status = Literal["ok", "remark", "wrong"]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing looked at.

    Attributes:
        status: "ok"; "remark": it works, and somebody should know; "wrong": it does not.
        mend: what to do about it; empty where nothing need be done.
    """

    what: str
    status: Status
    words: str
    mend: str = ""


def examine() -> Iterator[Told]:
    """Everything, one after the other; what needs the database is left out where it does not answer."""
    for check in (
        _python,
        _settings,
        _key,
        _protection_key,
        _data_folder,
        _own_data,
        _register,
        _static,
        _fonts,
        _day,
        _mail,
        _sign_in,
    ):
        yield from check()
    try:
        yield from _database()
    except DatabaseError as error:
        yield Told(
            "database",
            "wrong",
            f"does not answer: {str(error).splitlines()[0]}",
            "start it, or mend DATABASE_URL",
        )
        return
    for look in (_releases, _documents, _outbox, _tick):
        try:
            yield from look()
        except DatabaseError as error:
            words = str(error).splitlines()[0]
            yield Told(look.__name__.strip("_"), "wrong", words, "tilsyn site migrate")


def _python() -> Iterator[Told]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Told("Python", "ok", version)


def _settings() -> Iterator[Told]:
    found = run_checks(include_deployment_checks=True)
    for one in found:
        status: Status = "remark" if settings.LOCAL else "wrong"
        words = " ".join(str(one.msg).split())
        mend = "LOCAL=1 is for trying out; leave it out" if settings.LOCAL else str(one.hint or "")
        yield Told("settings", status, f"{one.id}: {words}", mend)
    if not found:
        yield Told("settings", "ok", "nothing that Django's check for production finds")


def _key() -> Iterator[Told]:
    file = Path(settings.DATA_DIR) / "secret_key"
    if not file.is_file():
        if os.environ.get("SECRET_KEY"):
            yield _strong("the environment")
        else:
            words = "there is none; each process makes its own, and nobody stays signed in"
            yield Told("secret key", "wrong", words, "tilsyn site migrate")
        return
    if file.stat().st_mode & 0o077:
        mend = f"chmod 600 {file}"
        yield Told("secret key", "wrong", "others on this machine may read it", mend)
        return
    yield _strong("the data folder")


def _protection_key() -> Iterator[Told]:
    file = keys.place(Path(settings.DATA_DIR))
    assert file is not None
    if not file.is_file():
        yield Told(
            "protection key",
            "wrong",
            "there is none; no figures can be shown to others",
            "tilsyn site migrate",
        )
    elif keys.known_to_all(file) and not settings.LOCAL:
        mend = "tilsyn figures key FILE, and name it as PROTECTION_KEY_FILE"
        yield Told("protection key", "wrong", "the one for tests, which everybody knows", mend)
    elif file.stat().st_mode & 0o077 and not keys.known_to_all(file):
        yield Told(
            "protection key", "wrong", "others on this machine may read it", f"chmod 600 {file}"
        )
    else:
        yield Told("protection key", "ok", "there, and its owner's alone")


def _strong(where: str) -> Told:
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        mend = "delete it and run `tilsyn site migrate`; everybody signs in again"
        return Told("secret key", "wrong", f"from {where}, too weak", mend)
    return Told("secret key", "ok", f"from {where}, strong")


def _register() -> Iterator[Told]:
    if (
        settings.REGISTER
        and (store := Path(settings.REGISTER)).is_dir()
        and store.stat().st_mode & 0o077
    ):
        words = "others on this machine may read the persons in it"
        yield Told("register", "wrong", words, f"chmod -R go= {store}")


def _data_folder() -> Iterator[Told]:
    folder = Path(settings.DATA_DIR)
    if not folder.is_dir():
        yield Told("data folder", "wrong", f"{folder} is not there", "tilsyn site migrate")
        return
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        mend = f"give it to the user the site runs as: chown -R … {folder}"
        yield Told("data folder", "wrong", f"cannot be written to: {error.strerror}", mend)
        return
    free = shutil.disk_usage(folder).free
    if folder.stat().st_mode & 0o077:
        yield Told(
            "data folder", "wrong", "others on this machine may read it", f"chmod 700 {folder}"
        )
    if free < SPACE:
        mend = "make room, or move DATA_DIR to a larger disk"
        yield Told("data folder", "remark", f"{free / 2**30:.1f} GB free", mend)
    else:
        yield Told("data folder", "ok", f"{folder}, {free / 2**30:.0f} GB free")


def _own_data() -> Iterator[Told]:
    data = Path(settings.DATA_DIR)
    try:
        place = own.named()
    except TilsynError as error:
        yield Told("own data", "wrong", str(error), f"mend {own.VARIABLE}")
        return
    if (data / "rules").is_dir():
        mend = f"move them to {data / 'own' / 'rules'}, then `tilsyn own check`"
        yield Told("own data", "remark", f"rules stand in {data / 'rules'}", mend)
    if (beside := data / "own").is_dir() and beside != place:
        words = f"{beside} is not read" + (f", but {place}" if place else "")
        mend = f"set {own.VARIABLE}={beside}"
        yield Told("own data", "remark", words, mend)
    elif place:
        yield Told("own data", "ok", f"{place}, {len(own.hashes())} files")


def _static() -> Iterator[Told]:
    if (
        settings.WHITENOISE_USE_FINDERS
        or (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file()
    ):
        yield Told("static files", "ok", "in place")
    else:
        mend = "`tilsyn site serve --production` gathers them at its start"
        yield Told("static files", "wrong", "not gathered; pages would have no looks", mend)


def _fonts() -> Iterator[Told]:
    with as_file(files("tilsyn").joinpath("fonts")) as folder:
        fonts = [file for file in folder.rglob("*") if file.suffix in (".ttf", ".otf")]
    if fonts:
        yield Told("fonts", "ok", f"{len(fonts)} came with the program")
    else:
        yield Told("fonts", "wrong", "those of the letters are missing", "install tilsyn anew")


def _day() -> Iterator[Told]:
    now = timezone.localtime()
    words = f"{now:%Y-%m-%d %H:%M} in {settings.TIME_ZONE}"
    if settings.TODAY is None:
        yield Told("clock", "ok", words)
    else:
        mend = "leave out TODAY, which is for demonstrations"
        yield Told("clock", "remark", f"the day stands still at {settings.TODAY}", mend)


def _mail() -> Iterator[Told]:
    if not settings.EMAIL_HOST:
        folder = Path(settings.DATA_DIR) / "outbox"
        mend = "set EMAIL_URL, unless somebody fetches them there"
        yield Told("mail", "remark", f"no mail server: messages become files in {folder}", mend)
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        link = get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=5)
        link.open()
        link.close()
    except (OSError, smtplib.SMTPException) as error:
        yield Told("mail", "wrong", f"{server} does not answer: {error}", "mend EMAIL_URL")
    else:
        yield Told("mail", "ok", f"{server} answers; the sender is {settings.DEFAULT_FROM_EMAIL}")


def _sign_in() -> Iterator[Told]:
    file = os.environ.get("SIGN_IN_FILE")
    if not settings.SIGN_IN.providers:
        yield Told("sign-in", "ok", "by password")
    if file and Path(file).stat().st_mode & 0o077:
        words = f"others on this machine may read {file}, which holds secrets"
        yield Told("sign-in", "wrong", words, f"chmod 600 {file}")
    for one in settings.SIGN_IN.providers:
        what = f"sign-in by {one.provider_id}"
        wrong = False
        for words, mend in faults(one):
            wrong = True
            yield Told(what, "wrong", words, mend)
        if not wrong:
            told = ", ".join(f"{name} {where}" for name, where in _told_to(one).items())
            yield Told(what, "ok", f"answers; {told}")
        if one.memberships is None:
            mend = "add memberships, unless administrators give all roles by hand"
            yield Told(what, "remark", "its claims give no roles", mend)


def _told_to(one: OpenId | Saml) -> dict[str, str]:
    return addresses(one, settings.ALLOWED_HOSTS[0])


def _database() -> Iterator[Told]:
    with connection.cursor() as cursor:
        ask = "select version()" if connection.vendor == "postgresql" else "select sqlite_version()"
        cursor.execute(ask)
        version = " ".join(str(cursor.fetchone()[0]).split()[:2])
        tables = set(connection.introspection.table_names(cursor))
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan or "cache" not in tables:
        words = (
            f"{len(plan)} migrations are not applied"
            if plan
            else "the table of attempts is missing"
        )
        yield Told("database", "wrong", words, "tilsyn site migrate")
    else:
        yield Told(
            "database", "ok", f"{name} {version.removeprefix('PostgreSQL ')}, of this version"
        )


def _releases() -> Iterator[Told]:
    records = list(ReleaseRecord.objects.all())
    for record in records:
        try:
            manifest = (record.folder / MANIFEST).read_bytes()
            if hashlib.sha256(manifest).hexdigest() != record.manifest_sha256:
                raise ValueError("its manifest is not the one that was taken in")
            releases.verify(record.folder)
        except (OSError, ValueError, TilsynError) as error:
            mend = f"restore {record.folder} from the backup"
            yield Told("releases", "wrong", f"{record.name}: {error}", mend)
    yield Told("releases", "ok", f"{len(records)} looked at")


def _documents() -> Iterator[Told]:
    hashes = set(Document.objects.exclude(sha256="").values_list("sha256", flat=True))
    hashes |= set(Incoming.objects.values_list("sha256", flat=True))
    for sha256 in sorted(hashes):
        try:
            storage.fetch(sha256)
        except TilsynError as error:
            yield Told(
                "documents", "wrong", str(error), "tilsyn site restore, into another DATA_DIR"
            )
    yield Told("documents", "ok", f"{len(hashes)} looked at")


def _outbox() -> Iterator[Told]:
    unsent = Message.objects.unsent()
    given_up = unsent.filter(attempts__gte=GIVES_UP_AFTER).count()
    late = unsent.filter(created_at__lt=timezone.now() - WAITS).count()
    if given_up:
        mend = "see their errors in the database, mend EMAIL_URL, set their attempts to 0"
        yield Told("outgoing mail", "wrong", f"{given_up} messages were given up", mend)
    if late:
        words = f"{late} messages have waited more than a day"
        yield Told(
            "outgoing mail", "remark", words, "run `tilsyn tick` daily, and look at its errors"
        )
    if not given_up and not late:
        yield Told("outgoing mail", "ok", f"{unsent.count()} waiting")


def _tick() -> Iterator[Told]:
    last = last_tick()
    mend = "run `tilsyn tick` daily (cron or a systemd timer)"
    if last is None:
        yield Told("tick", "remark", "has never run", mend)
    elif timezone.now() - last > 2 * WAITS:
        yield Told(
            "tick", "wrong", f"has not run since {timezone.localtime(last):%Y-%m-%d %H:%M}", mend
        )
    else:
        yield Told("tick", "ok", f"last run {timezone.localtime(last):%Y-%m-%d %H:%M}")
