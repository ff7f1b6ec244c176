"""Lines of the log: plain, or a JSON object a line for programs that gather them. No CPR number is in either."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os

from tilsyn.cpr import MaskedFormatter, masked
from tilsyn.errors import UsageError

FORMATTERS = {"plain": "tilsyn.cpr.MaskedFormatter", "json": "tilsyn.site.logs.JsonFormatter"}


def formatter() -> str:
    """Where the formatter that `LOG_FORMAT` asks for stands.

    Raises:
        UsageError: it asks for another than `FORMATTERS` has.
    """
    asked = os.environ.get("LOG_FORMAT", "plain")
    if asked not in FORMATTERS:
        raise UsageError(f"LOG_FORMAT is '{asked}'; say {' or '.join(FORMATTERS)}")
    return FORMATTERS[asked]


class JsonFormatter(MaskedFormatter):
    """A record as one line of JSON: `time` (UTC), `level`, `logger`, `message`, and `traceback` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            told["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)
