"""How the site is served by gunicorn: threads for each worker, and each worker warm before its first page."""

from __future__ import annotations

import logging
from typing import Any

from tilsyn.site.logs import formatter

threads = 4
timeout = 120
graceful_timeout = 30
keepalive = 5
control_socket_disable = True
"""Nothing but the service manager steers the server; its home need not be writable."""
max_requests = 20_000
max_requests_jitter = 2_000
"""A worker that has answered so many is replaced by a fresh one."""

logconfig_dict = {
    "root": {"handlers": []},
    "formatters": {
        "generic": {
            "()": formatter(),
            "fmt": "%(asctime)s [%(process)d] [%(levelname)s] %(message)s",
        }
    },
}
"""Addresses that are asked for may stand in its lines, and what was sent in its tracebacks."""

logger = logging.getLogger("tilsyn.site")


def post_worker_init(worker: Any) -> None:
    """What the first page asks for is read before the worker takes any."""
    from django.db import Error, connection

    from tilsyn.cases.clock import today
    from tilsyn.errors import TilsynError
    from tilsyn.site.board import make_ready

    try:
        make_ready(today())
    except (Error, TilsynError) as error:
        # The pages say what is the matter; a worker that did not start would say nothing.
        logger.warning("not warm: %s", error)
    finally:
        connection.close()
