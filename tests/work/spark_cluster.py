"""A standalone Spark cluster on this machine: one master and two workers, for as long as a block."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def spark_or_skip() -> None:
    """Skip, loudly, where Spark cannot run; on the build machine that is a failure."""
    missing = []
    if not shutil.which("java"):
        missing.append("Java 17 (no 'java' on the path)")
    try:
        import pyspark  # noqa: F401
    except ImportError:
        missing.append("PySpark (the extra 'spark')")
    if missing:
        reason = f"THE SPARK ENGINE IS NOT TESTED: {' and '.join(missing)} missing"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until(what: str, log: Path, words: str, times: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if log.read_text(errors="replace").count(words) >= times:
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not start within {seconds:.0f} seconds:\n{log.read_text()[-2000:]}")


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Run a cluster; yields its address. Its processes are ended by their own handles."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_SCALA_VERSION": "2.13",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_MASTER_HOST": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        with log.open("wb") as stream:
            running.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), *arguments],
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    cwd=folder,
                )
            )
        return log

    package = "org.apache.spark.deploy"
    try:
        log = start(
            "master", f"{package}.master.Master",
            "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0",
        )  # fmt: skip
        _wait_until("the master", log, "I have been elected leader", 1)
        for number in (1, 2):
            start(
                f"worker-{number}", f"{package}.worker.Worker", "--host", "127.0.0.1",
                "--cores", "1", "--memory", "1g", "--webui-port", "0",
                "--work-dir", str(folder / f"work-{number}"), master,
            )  # fmt: skip
        _wait_until("the workers", log, "Registering worker", 2)
        yield master
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(30)
