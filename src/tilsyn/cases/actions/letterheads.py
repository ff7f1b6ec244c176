"""The offices' letterheads, changed by an administrator: checked, kept by content, and in the audit log."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import tomli_w
from django.db import transaction

from tilsyn.cases import storage
from tilsyn.cases.access import areas
from tilsyn.cases.actions.administration import audit
from tilsyn.cases.drafting import MINISTRY, letterheads_folder, office_letterhead
from tilsyn.cases.models import User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import ADMINISTER, scope_areas
from tilsyn.documents.letterhead import Letterhead, read_letterhead
from tilsyn.errors import InputError, NotAllowedError
from tilsyn.vocabulary import AREAS, COUNTRY
from tilsyn.work.files import put_whole

OFFICES = (*AREAS["amk"].codes, MINISTRY)
"""Who has a letterhead."""


def own_offices(user: User) -> list[str]:
    """The offices whose letterhead the user may change."""
    where = areas(user, ADMINISTER)
    reach = {office: scope_areas("amk", office) for office in AREAS["amk"].codes}
    return [
        office
        for office in OFFICES
        if where is None or ((own := reach.get(office)) and own <= where)
    ]


@transaction.atomic
def set_letterhead(
    *, office: str, letterhead: Letterhead, by: User, logo: bytes | None = None, bare: bool = False
) -> Letterhead:
    """Put an office's letterhead in place; letters drafted before keep the one they have.

    Args:
        office: its code.
        letterhead: the names and lines; its logo is not looked at.
        by: an administrator of the office.
        logo: a new one, PNG or SVG; None keeps the one there is.
        bare: no logo at all.

    Raises:
        NotAllowedError: the office is not the administrator's.
        InputError: the logo is not taken.
    """
    if office not in own_offices(by):
        raise refused(NotAllowedError, "letterhead_not_his", user=by, office=office)
    before = office_letterhead(office).logo
    if logo is None and not bare and before is not None and before.parent == letterheads_folder():
        logo = before.read_bytes()
    record = letterhead.model_dump(mode="json", exclude={"logo"})
    with tempfile.TemporaryDirectory() as folder:
        if logo is not None and not bare:
            # The name follows from what it shows, so that no process takes an old one for it.
            ending = "png" if logo.startswith(b"\x89PNG") else "svg"
            record["logo"] = f"logo-{hashlib.sha256(logo).hexdigest()[:16]}.{ending}"
            put_whole(Path(folder) / record["logo"], logo)
        text = tomli_w.dumps(record).encode()
        trial = Path(folder) / f"{office}.toml"
        put_whole(trial, text)
        try:
            read_letterhead(trial)
        except InputError as error:
            raise InputError(error.message) from None
    if "logo" in record and logo is not None:
        put_whole(letterheads_folder() / record["logo"], logo)
    put_whole(letterheads_folder() / f"{office}.toml", text)
    audit(
        by=by,
        action="set_letterhead",
        about=f"letterhead {office}",
        area=COUNTRY if office == MINISTRY else "",
        sha256=storage.keep(text),
        logo=storage.keep(logo) if "logo" in record and logo is not None else "",
    )
    return office_letterhead(office)
