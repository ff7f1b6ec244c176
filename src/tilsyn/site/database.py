"""A database's address as Django's settings want it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tilsyn.errors import UsageError

# Writers queue instead of failing half-way; what is committed survives a crash of the machine.
_SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def database(address: str, data: Path) -> dict[str, Any]:
    """The settings of one database.

    Args:
        address: "postgresql://user:password@host:port/name?sslmode=require" or
            "sqlite:///file"; empty for an SQLite file in the data folder.
        data: the data folder.

    Raises:
        UsageError: the address is of another kind.
    """
    if not address:
        return _sqlite(data / "tilsyn.sqlite3")
    try:
        parts = urlsplit(address)
        port = str(parts.port or "")
    except ValueError:
        raise UsageError(
            "DATABASE_URL is no address: see its host, port and brackets; write "
            "postgresql://user:password@host:5432/name"
        ) from None
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme not in ("postgres", "postgresql"):
        raise UsageError(
            f"DATABASE_URL begins with '{parts.scheme}:'; write postgresql://user:password@host/name "
            "or sqlite:///file"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # A socket's folder stands in the query ("?host=/run/postgresql"), as PostgreSQL's own tools have it.
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **options},
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": dict(_SQLITE)}
