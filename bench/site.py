"""The site with a country's figures: how long pages take when many read at once.

    python -m bench.site WORK [--users 20] [--seconds 30] [--workers 2] [--write]

WORK gets an installation with 98 municipalities, ten groups, five measures, sixty months and twenty-four
releases (made once, 200 MB), and the production server is started on it. Users ask
again as soon as they are answered, or after about a second's reading.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import platform
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import polars as pl

from bench.page import put
from tilsyn.figures.release import FIGURES, Release, write_in_blocks
from tilsyn.figures.table import SCHEMA
from tilsyn.measures import definitions, measurement
from tilsyn.register.door import admit
from tilsyn.register.store import load
from tilsyn.register.synthetic import make
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange, YearMonth

MONTHS = MonthRange(YearMonth(2019, 1), YearMonth(2023, 12))
RELEASES = 24
PERSONS = 200_000
TODAY = dt.date(2024, 3, 4)
PASSWORD = "korrekt hest batteri"
SECURE = {"X-Forwarded-Proto": "https"}
LIMITS = {"median": 150.0, "p95": 400.0, "requests": 200.0}
"""Milliseconds of server time; API answers a second."""


def releases(work: Path) -> list[Path]:
    """The releases, one a month, each with all months to two before; made where they are not there."""
    base = work / "measured"
    if not base.exists():
        before = MonthRange(MONTHS.first - 24, MONTHS.last)
        make(work / "register", PERSONS, before, format="parquet")
        admit(work / "register", work / "admitted")
        store = load(work / "admitted", work / "store")
        counts = measurement.measure(store, measurement.plan_of(store, definitions.load(), MONTHS))
        measurement.write(counts, store, base, published=TODAY)
    figures = pl.read_parquet(base / FIGURES)
    made = []
    for number in range(RELEASES):
        last = MONTHS.last - (RELEASES - 1 - number)
        published = (last + 2).first + dt.timedelta(days=2)
        folder = work / "releases" / f"landet-{last}"
        if not folder.exists():
            write_in_blocks(
                Release(folder.name, published, SCHEMA.to_frame()),
                [_vintage(figures, last, published, folder.name).to_arrow()],
                folder,
            )
        made.append(folder)
    return made


def _vintage(figures: pl.DataFrame, last: YearMonth, day: dt.date, name: str) -> pl.DataFrame:
    """The figures as they stood then: of the newest months a little is not yet registered."""
    late = (pl.col("month") > (last - 3).first) & (pl.col("statistic") == "unmet")
    return (
        figures.filter(pl.col("month") <= last.first)
        .with_columns(
            value=pl.when(late).then((pl.col("value") * 1.05).round()).otherwise("value"),
            # A country's figures come as they are published.
            provenance=pl.lit("published"),
            release=pl.lit(name),
            published=pl.lit(day),
        )
        .select(SCHEMA.names())
    )


@dataclass
class Site:
    """The installation and its server."""

    folder: Path
    port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def command(self, *arguments: str) -> dict[str, Any]:
        """A command of the program, as subprocess wants it."""
        program = str(Path(sys.executable).parent / "tilsyn")
        settings = {
            "DATA_DIR": str(self.folder),
            "TODAY": str(TODAY),
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_PROXY": "1",
        }
        return {"args": [program, "site", *arguments], "env": {**os.environ, **settings}}

    def run(self, *arguments: str, told: str = "") -> None:
        """Run a command to its end."""
        subprocess.run(**self.command(*arguments), input=told.encode(), check=True)


def installed(work: Path) -> Site:
    """The installation, with its releases in use; made where it is not there."""
    site = Site(work / "installation")
    if not (site.folder / "ready").exists():
        site.run("migrate")
        for role in ("approver", "officer"):
            made = ("create-user", f"{role}@example.org", "--name", role, "--role", role)
            site.run(*made, "--password-stdin", told=f"{PASSWORD}\n")
        folders = map(str, releases(work))
        site.run("take-in", *folders, "--approve-by", "approver@example.org")
        (site.folder / "ready").touch()
    return site


@contextmanager
def serving(site: Site, workers: int) -> Iterator[float]:
    """The production server while the block runs; the seconds until its first overview is there."""
    asked = site.command(
        "serve", "--production", "--port", str(site.port), "--workers", str(workers)
    )
    begun = time.perf_counter()
    server = subprocess.Popen(**asked, start_new_session=True)
    try:
        while not _answers(site.port):
            if server.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.1)
        yield time.perf_counter() - begun
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/accounts/login/", headers=SECURE, timeout=60)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def signed_in(site: Site, who: str) -> tuple[dict[str, str], str]:
    """The headers of a signed-in browser, and a token for the API."""
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers=SECURE) as browser:
        browser.get("/accounts/login/")

        def post(address: str, **fields: str) -> httpx.Response:
            # Cookies are for https only; the proxy that would end TLS is this program.
            crumbs = {cookie.name: cookie.value or "" for cookie in browser.cookies.jar}
            told = {"csrfmiddlewaretoken": crumbs["csrftoken"], **fields}
            cookie = "; ".join(f"{name}={value}" for name, value in crumbs.items())
            referer = f"https://127.0.0.1{address}"
            return browser.post(address, data=told, headers={"Cookie": cookie, "Referer": referer})

        post("/accounts/login/", login=f"{who}@example.org", password=PASSWORD)
        token = re.search(r"<code>([\w-]{40,})</code>", post("/profile/", token="new").text)
        if token is None:
            sys.exit("signing in did not work")
        cookie = "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
        return {**SECURE, "Cookie": cookie}, token[1]


async def asked(
    port: int, users: int, seconds: float, pause: float, headers: dict[str, str], pages: list[str]
) -> tuple[list[float], int]:
    """Many users asking for pages drawn at random, for a time.

    Returns:
        Milliseconds from question to the whole answer, and the bytes of the largest answer.
    """
    taken: list[float] = []
    largest = 0
    until = time.perf_counter() + seconds

    async def user(number: int) -> None:
        nonlocal largest
        draw = random.Random(number)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(draw.uniform(0, pause))
        while (begun := time.perf_counter()) < until:
            lines = [f"GET {draw.choice(pages)} HTTP/1.1", "Host: 127.0.0.1"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            if not head.startswith("HTTP/1.1 200"):
                sys.exit(f"{lines[0]}: {head.splitlines()[0]}")
            size = re.search(r"(?i)content-length: (\d+)", head)
            body = await reader.readexactly(int(size[1]) if size else 0)
            largest = max(largest, len(body))
            taken.append(1000 * (time.perf_counter() - begun))
            if re.search(r"(?i)connection: close", head):
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(draw.uniform(0, 2 * pause))
        writer.close()

    await asyncio.gather(*(user(number) for number in range(users)))
    return taken, largest


def addresses() -> dict[str, list[str]]:
    """What users ask for, by kind."""
    groups = ("total", "a_dagpenge", "sygedagpenge", "kontanthjaelp")
    measures = ("conversations_6m", "offers_6m", "conversations_12m", "offers_12m")
    months = list(MONTHS)[-6:]
    return {
        "overview": [
            f"/?measure={m}&group={g}&month={month}"
            for m in measures for g in groups for month in months
        ],
        "municipality": [f"/municipalities/{code}/" for code in MUNICIPALITIES.codes],
        "chart": [
            f"/municipalities/{code}/conversations_6m/total/chart.svg"
            for code in MUNICIPALITIES.codes
        ],
        "api": [f"/api/figures?area={code}" for code in MUNICIPALITIES.codes[:1]],
        "api, any municipality": [f"/api/figures?area={code}" for code in MUNICIPALITIES.codes],
    }  # fmt: skip


def main() -> None:
    """Prepare, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--write", action="store_true", help="put the results into docs/benchmarks.md"
    )
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    site = installed(options.work)
    rows = []
    with serving(site, options.workers) as started:
        browser, token = signed_in(site, "officer")
        caller = {**SECURE, "Authorization": f"Bearer {token}"}
        for kind, pages in addresses().items():
            headers = caller if kind.startswith("api") else browser
            for pause in (0.0,) if kind.startswith("api") else (1.0, 0.0):
                load = asked(site.port, options.users, options.seconds, pause, headers, pages)
                taken, _ = asyncio.run(load)
                middle, late = median(taken), quantiles(taken, n=20)[-1]
                rate = len(taken) / options.seconds
                reading = "a second" if pause else "none"
                rows.append(f"| {kind} | {reading} | {middle:.0f} | {late:.0f} | {rate:.0f} |")
                sys.stderr.write(rows[-1] + "\n")
        memory = _memory(options.workers)
    lines = [
        f"An installation with {len(MUNICIPALITIES.codes)} municipalities, ten rows of groups, five",
        f"measures, {len(list(MONTHS))} months and {RELEASES} releases; the production server with",
        f"{options.workers} workers, {options.users} users at once, {platform.machine()},",
        f"{os.cpu_count()} cores shared with the users. Milliseconds are those the user waits.",
        f"From the command to the first page: {started:.1f} s. {memory}",
        "",
        "| what is asked for | pause | median ms | p95 ms | answers a second |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Asked for: pages at most {LIMITS['median']:.0f} ms (median) and {LIMITS['p95']:.0f} ms (p95);",
        f"at least {LIMITS['requests']:.0f} API answers a second for one municipality's figures.",
    ]
    sys.stdout.write("\n".join([*lines, ""]))
    if options.write:
        put("The site with a country's figures", lines)


def _memory(workers: int) -> str:
    """What the server's processes hold."""
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            if b"tilsyn.site.wsgi" in command:
                (line,) = (x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
                sizes.append(int(line.split()[1]) / 1024)
        except OSError:
            continue
    largest = ", ".join(f"{size:.0f}" for size in sorted(sizes, reverse=True)[:workers])
    return f"Memory of the workers afterwards: {largest} MB."


if __name__ == "__main__":
    main()
