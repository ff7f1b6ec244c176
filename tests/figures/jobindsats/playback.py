"""A server on this machine that answers in the recorded shapes of the API, failures included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tilsyn.vocabulary import GROUPS, MUNICIPALITIES

KEY = "a-key-for-playing-back"
MONTHS = [f"2026M{month:02d}" for month in range(1, 7)]
QUARTERS = ["2025QMAT03", "2025QMAT04", "2026QMAT01"]
AREAS = ["Hele landet", *(m.name for m in MUNICIPALITIES), "Uoplyst område"]
ROWS = ["Ydelsesgrupper i alt", *(g.da for g in GROUPS if g.valid_to is None)]
FOLLOWED = {
    "y30s12": "Samtaler til personer med 12 mdr. anciennitet og derover",
    "y30t12": "Tilbud og timer til personer med 12 mdr. anciennitet og derover",
    "y30s06": "Samtaler til personer med 6 mdr. anciennitet",
    "y30t06": "Tilbud til personer med 6 mdr. anciennitet",
    "y30r21": "Forventet og faktisk andel på offentlig forsørgelse",
    "y30x99": "Noget ganske andet",
}
MEASURES = {
    "y30s12": [
        "Antal personer med 12 mdr. anciennitet",
        "Antal personer med færre end 4 samtaler",
        "Andel personer med færre end 4 samtaler",
    ],
    "y30t12": [
        "Antal personer med 12 mdr. anciennitet",
        "Antal personer uden tilbud eller ordinære timer",
        "Andel personer uden tilbud eller ordinære timer",
    ],
    "y30s06": [
        "Antal personer med 6 mdr. anciennitet",
        "Antal personer med færre end 4 samtaler",
        "Andel personer med færre end 4 samtaler",
    ],
    "y30t06": [
        "Antal personer med 6 mdr. anciennitet",
        "Antal personer uden tilbud",
        "Andel personer uden tilbud",
    ],
    "y30r21": ["Forventet andel (pct.)", "Faktisk andel (pct.)"],
    "y30x99": ["Antal"],
}


Failure = Callable[[BaseHTTPRequestHandler], None]


class Playback:
    """What the server plays and what it was asked.

    Attributes:
        calls: path and query of every call, in order.
        failures: played once each, in order, to calls for data.
        updated: the update date of every table.
        absent: areas and periods of which answers have no row.
        changed: values to give instead: (area, group, month) → the row's numbers.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self.failures: list[Failure] = []
        self.updated = "2026-07-26"
        self.changed: dict[tuple[str, str, str], list[float | None]] = {}
        self.absent: set[tuple[str, str]] = set()
        self.names = dict(FOLLOWED)
        self.url = ""

    def data_calls(self) -> list[dict[str, str]]:
        return [query for path, query in self.calls if path.startswith("/v3/data/")]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        path, query = parts.path, dict(parse_qsl(parts.query))
        self.calls.append((path, query))
        self.headers.append({k.lower(): v for k, v in handler.headers.items()})
        if handler.headers.get("Authorization") != f"Bearer {KEY}":
            return send(handler, {"code": 401, "cause": "Invalid token"}, 401)
        if path == "/v3/tables":
            return send(handler, self.tables(query))
        name = path.rpartition("/")[2]
        if path.startswith("/v3/table/") and name in self.names:
            return send(handler, self.table(name))
        if path.startswith("/v3/data/") and name in self.names:
            if self.failures:
                return self.failures.pop(0)(handler)
            return self.data(handler, name, query)
        return send(handler, {"code": 404, "cause": f"Unknown table: {name}"}, 404)

    def tables(self, query: dict[str, str]) -> list[object]:
        listed = [
            {
                "table_id": id,
                "table_name": name,
                "link_infopage": "https://www.jobindsats.dk/",
                "update_freq": "M",
                "update_latest": self.updated,
                "update_next": "2026-08-27",
                "mgroups": [{"mgroup_id": f"mgr{id}", "mgroup_name": name}],
                "dimensions": [
                    {
                        "dimension_id": "_omrade",
                        "dimension_name": "Område",
                        "hierarchies": [{"hierarchy_id": "_nykom", "hierarchy_name": "Kommuner"}],
                    },
                    {
                        "dimension_id": f"_ygrp_{id}",
                        "dimension_name": "Ydelsesgrupper",
                        "hierarchies": [
                            {"hierarchy_id": f"_ygrp_{id}", "hierarchy_name": "Ydelsesgrupper"}
                        ],
                    },
                ],
            }
            for id, name in self.names.items()
        ]
        subject = {
            "subject_id": 1815,
            "subject_name": "Tidlig indsats og skærpet tilsyn",
            "table_groups": [
                {"table_group_id": 1, "table_group_name": "Samtaler", "tables": listed}
            ],
        }
        other = {"subject_id": 1123, "subject_name": "A-dagpenge", "table_groups": []}
        return [subject] if query.get("subject_id") == "1815" else [subject, other]

    def periods(self, name: str) -> tuple[str, list[str]]:
        return ("QMAT", QUARTERS) if name == "y30r21" else ("M", MONTHS)

    def groups(self, name: str) -> list[str]:
        if name == "y30r21":
            return ["Ydelsesgrupper i alt", "A-dagpenge mv.", "Sygedagpenge mv."]
        return ROWS

    def table(self, name: str) -> dict[str, object]:
        kind, periods = self.periods(name)
        return {
            "table_id": name,
            "table_name": self.names[name],
            "periods": [
                {
                    "periodtype_id": kind,
                    "values": [{"period_id": p, "period_name": p} for p in periods],
                }
            ],
            "mgroups": [
                {
                    "mgroup_id": f"mgr{name}",
                    "mgroup_name": self.names[name],
                    "measures": [
                        {"measure_id": f"m{i}", "measure_name": label}
                        for i, label in enumerate(MEASURES[name])
                    ],
                }
            ],
            "dimensions": [
                hierarchy("_omrade", "_nykom", AREAS),
                hierarchy(f"_ygrp_{name}", f"_ygrp_{name}", self.groups(name)),
            ],
        }

    def data(self, handler: BaseHTTPRequestHandler, name: str, query: dict[str, str]) -> None:
        kind, _ = self.periods(name)
        asked = {key for key in query if key.startswith("hierarchy.")}
        if unknown := asked - {"hierarchy._nykom", f"hierarchy._ygrp_{name}"}:
            ids = sorted(key.removeprefix("hierarchy.") for key in unknown)
            return send(handler, {"code": 422, "cause": f"Unknown hierarchies: {ids}"}, 422)
        if f"period.{kind}" not in query:
            return send(handler, {"code": 422, "cause": "Unknown period type: M"}, 422)
        rows = [
            [period, area, group, *self.numbers(name, area, group, period)]
            for period in query[f"period.{kind}"].split(",")
            for area in AREAS
            if (area, period) not in self.absent
            for group in self.groups(name)
        ]
        columns = ["Periode", "Område", "Ydelsesgrupper", *MEASURES[name]]
        return send(handler, {"columns": columns, "rows": rows}, mark=True)

    def numbers(self, name: str, area: str, group: str, period: str) -> list[float | None]:
        if (area, group, period) in self.changed:
            return self.changed[area, group, period]
        if name == "y30r21":
            return [20.1, 21.3]
        size = 40 + 7 * AREAS.index(area) + 3 * ROWS.index(group)
        unmet = (size // 5 + int(period[-2:])) % size
        if period == MONTHS[-1] and ROWS.index(group) == 3:
            return [float(size), None, None]  # not matured
        if ROWS.index(group) == 4:
            return [float(size), None, round(100 / size, 1)]  # hidden
        if ROWS.index(group) == 5:
            return [None, None, None]
        return [float(size), float(unmet), round(100 * unmet / size, 1)]


def hierarchy(dimension: str, id: str, names: list[str]) -> dict[str, object]:
    values = [{"value_id": f"/{i}/", "value_name": name} for i, name in enumerate(names)]
    levels = [{"level_id": "1", "level_name": "Alle", "values": values}]
    return {
        "dimension_id": dimension,
        "hierarchies": [{"hierarchy_id": id, "levels": levels}],
    }


def send(
    handler: BaseHTTPRequestHandler,
    value: object,
    status: int = 200,
    *,
    mark: bool = False,
    headers: dict[str, str] | None = None,
) -> None:
    """Answer; text as a web page, everything else as JSON (with a byte-order mark if `mark`)."""
    page = isinstance(value, str)
    body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    body = b"\xef\xbb\xbf" + body if mark else body
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html" if page else "application/json")
    handler.send_header("Content-Length", str(len(body)))
    for name, text in (headers or {}).items():
        handler.send_header(name, text)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def playing() -> Iterator[Playback]:
    """A running server."""
    playback = Playback()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                playback.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    playback.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield playback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
