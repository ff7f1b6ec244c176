"""Every form and address of the site and its API, asked with values nobody means."""

from __future__ import annotations

import io
import re
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from django.db import transaction

from tests.fuzz import hostile
from tests.fuzz.files import office, sent
from tests.fuzz.oracle import Broken, nothing_unfinished
from tests.fuzz.originals import PDF
from tests.site.addresses import addresses, patterns
from tests.site.conftest import SecureClient
from tests.site.test_every_action import Forms
from tests.site.test_hostile_requests import ACTIONS, FIELDS

ROLES = ("head", "officer", "approver", "administrator", "municipality", "reader", None)
_API = {
    "figures": ("area_kind", "area", "measure", "group", "statistic", "first_month", "last_month", "known_on"),
    "findings": ("area", "rule", "verdict", "known_on"),
    "cases": ("area", "status", "course"),
    "releases": (),
}  # fmt: skip
_GOOD = {
    "area_kind": "municipality", "area": "766", "measure": "conversations_6m", "group": "total", "statistic": "share",
    "first_month": "2022-01", "last_month": "2022-02", "known_on": "2022-06-01", "rule": "early_effort",
    "verdict": "flagged", "status": "open", "course": "early_effort", "offset": "1", "limit": "5", "format": "csv",
    "on": "2022-05-20", "month": "2022-02", "page": "1", "q": "Hedensted", "sort": "name", "from": "2022-01", "to": "2022-02",
    "text": "Et notat", "note": "x", "first_day": "2022-06-01", "weeks": "8", "reason": "x", "scope": "country:dk", "role": "reader",
}  # fmt: skip


class Site:
    """An installation and a browser of each role; what an input does is taken back after it."""

    def __init__(self, installation: Any, tokens: dict[str, str], folder: Path):
        self.folder, self.installation, self.tokens = folder, installation, tokens
        self.clients = {role: installation.client(role) for role in ROLES}
        for client in self.clients.values():
            client.raise_request_exception = False
        self.pages = list(addresses(installation))
        self.routes = [route for route, _ in patterns()]
        self.forms = [(role, *form) for role in ROLES for form in self._forms(role)]

    def _forms(self, role: str | None) -> Any:
        """The forms of every page a role sees: the page's address, the form's and its fields."""
        seen = set()
        for _, _, address in self.pages:
            if "logout" in address:
                continue
            answer = self.clients[role].get(address)
            if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
                continue
            for action, fields in Forms(answer.content.decode()).found:
                known = (action or address, tuple(fields))
                if known not in seen and "logout" not in action:
                    seen.add(known)
                    yield action or address, fields

    def put(self, chosen: Random, kind: str) -> str:
        """Ask something, one to three times in a row; then take back what came of it.

        Raises:
            Broken: the site answered 500, or left something half written.
        """
        statuses = []
        with transaction.atomic():
            for _ in hostile.some(chosen):
                answer, told = getattr(self, f"_{kind.partition('-')[2]}")(chosen)
                statuses.append(answer.status_code)
                if answer.status_code >= 500:
                    transaction.set_rollback(True)
                    raise Broken(f"{answer.status_code} for {told!r}"[:3_000]) from getattr(answer, "exc_info", [None, None])[1]  # fmt: skip
                if getattr(answer, "streaming", False):
                    b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        nothing_unfinished(self.folder)
        return str(statuses[-1])

    def _form(self, chosen: Random) -> Any:
        """A form of a page, with some fields changed, gone or new."""
        role, address, fields = chosen.choice(self.forms)
        given: dict[str, Any] = {}
        for name, (value, _, choices) in fields.items():
            usual = value or (chosen.choice(choices) if choices else _GOOD.get(name, ""))
            if value is not None or chosen.random() < 0.5:
                given[name] = usual
        for _ in hostile.some(chosen, 4):
            name = chosen.choice([*given, *fields, chosen.choice(FIELDS)])
            given[name] = self._value(chosen, name)
        if chosen.random() < 0.05:
            given.pop(next(iter(given), ""), None)
        return self._ask(chosen, role, address, given)

    def _value(self, chosen: Random, name: str) -> Any:
        if name in ("file", "goal_file", "logo", "figures") or chosen.random() < 0.03:
            stem, data = sent(chosen)
            if chosen.random() < 0.4:
                stem, data = chosen.choice((("svar.pdf", PDF), ("svar.docx", office("word/document.xml"))))  # fmt: skip
            if name == "goal_file":
                stem, data = "maal.toml", hostile.toml(chosen, {"name": "own", "title": {"da": "x", "en": "x"}, "duty": True, "margin": 1})  # fmt: skip
            if name == "logo":
                stem, data = chosen.choice((("l.png", hostile.data(chosen, b"\x89PNG\r\n\x1a\n" + b"\0" * 40)), ("l.svg", hostile.data(chosen, b'<svg xmlns="http://www.w3.org/2000/svg" width="9"/>'))))  # fmt: skip
            file = io.BytesIO(data)
            # Django's own files take no name that is none; what is sent may have one.
            file.name = self._sent(stem)  # type: ignore[attr-defined]
            return file
        if chosen.random() < 0.2:
            return [hostile.text(chosen) for _ in range(chosen.choice((0, 2, 40)))]
        return _GOOD.get(name, "x") if chosen.random() < 0.2 else hostile.text(chosen)

    def _ask(self, chosen: Random, role: str | None, address: str, given: dict[str, Any]) -> Any:
        client = self.clients[role]
        # A file name with a NUL or a line break is the test client's own trouble: browsers send none.
        clean = {self._sent(n): [self._sent(o) for o in v] if isinstance(v, list) else self._sent(v) for n, v in given.items()}  # fmt: skip
        told = (role, address, {n: (getattr(v, "name", None), type(v)) if isinstance(v, io.IOBase) or hasattr(v, "read") else v for n, v in clean.items()})  # fmt: skip
        way = chosen.random()
        if way < 0.75:
            return client.post(address, clean), ("post", *told)
        plain = {n: v for n, v in clean.items() if not hasattr(v, "read")}
        if way < 0.95:
            return client.get(address, plain), ("get", *told)
        kind, body = chosen.choice((
            ("application/json", hostile.as_json(chosen, {"text": "x", "a": [1, {}]})),
            ("multipart/form-data; boundary=x", hostile.data(chosen, b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n--x--\r\n')),
            ("application/x-www-form-urlencoded", b"&".join([b"a=%00"] * chosen.choice((1, 2_000)))),
            ("application/x-www-form-urlencoded; charset=utf-7", b"text=%ff%fe"),
        ))  # fmt: skip
        return client.post(address, body, content_type=kind), (
            "body",
            role,
            address,
            kind,
            body[:200],
        )

    @staticmethod
    def _sent(value: Any) -> Any:
        """As it can be sent: what is no UTF-8 goes as its escape."""
        return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value

    def _address(self, chosen: Random) -> Any:
        """An address whose words are others, with a query."""

        def word(found: re.Match[str]) -> str:
            if chosen.random() < 0.4:
                put = chosen.choice((*_GOOD.values(), "766", "1", "2022-Q2", "midt_nord", "csv", "html", "early_effort"))  # fmt: skip
            else:
                put = hostile.text(chosen)
            return quote(put.encode(errors="surrogatepass"), safe="/" if chosen.random() < 0.1 else "")  # fmt: skip

        if chosen.random() < 0.6:
            name, _, address = chosen.choice(self.pages)
            parts = address.split("/")
            at = chosen.randrange(len(parts))
            if chosen.random() < 0.4:
                parts[at] = word(re.match("", ""))  # type: ignore[arg-type]
            elif name in ACTIONS:
                parts[-2] = chosen.choice(ACTIONS[name])
            address = "/".join(parts)
        else:
            address = "/" + re.sub(r"<[^>]+>|\(\?P<\w+>[^)]*\)", word, chosen.choice(self.routes))
        if "logout" in address or not address.startswith("/"):
            address = "/"
        given = {chosen.choice(FIELDS): self._value(chosen, "") for _ in range(chosen.choice((0, 1, 5)))}  # fmt: skip
        return self._ask(chosen, chosen.choice(ROLES), address, given)

    def _api(self, chosen: Random) -> Any:
        """A call of the API."""
        role = chosen.choice(tuple(self.tokens))
        bearer = f"Bearer {self.tokens[role]}"
        if chosen.random() < 0.1:
            bearer = "".join(s for s in hostile.text(chosen) if s.isprintable() and s.isascii())[
                :500
            ]
        route = chosen.choice(tuple(_API))
        given: dict[str, Any] = {}
        for name in (*_API[route], "offset", "limit", "format"):
            if chosen.random() < 0.4:
                given[name] = (
                    _GOOD[name] if chosen.random() < 0.6 else self._sent(hostile.text(chosen))
                )
        client = SecureClient(headers={"Authorization": bearer}, raise_request_exception=False)
        where = (
            f"/api/{route if chosen.random() < 0.95 else quote(self._sent(hostile.text(chosen)))}"
        )
        if chosen.random() < 0.9:
            return client.get(where, given), ("api", role, where, given)
        body = hostile.as_json(chosen, {"area": "766", "limit": [1, {"a": None}]})
        ask = chosen.choice((client.post, client.put, client.patch, client.delete))
        return ask(where, body, content_type="application/json"), ("api body", where, body[:200])


KINDS = {
    f"{whose}-{what}": share
    for whose in ("authority", "municipality")
    for what, share in (("form", 17), ("address", 10), ("api", 5))
}
"""What is asked of whose installation, by share."""
