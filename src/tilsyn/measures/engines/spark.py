"""The Spark engine: the parts of a store are spread over a cluster; each task runs the same kernel.

Every worker must see the store under the same path (a shared file system) and have tilsyn installed.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tilsyn.errors import InputError, UsageError
from tilsyn.measures import counting
from tilsyn.measures.engines.local import Done, nothing
from tilsyn.measures.plan import Plan
from tilsyn.own import VARIABLE
from tilsyn.parsing import whole_number
from tilsyn.register.store import Part

try:
    import pyspark
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
except ImportError as error:  # the extra is not installed
    raise UsageError(
        "--engine spark needs PySpark; install it with: pip install 'tilsyn[spark]'"
    ) from error

_FOUND = pa.schema([("place", pa.int64()), ("persons", pa.int64())])
_PATIENCE = 5.0
"""Seconds to wait for a master to answer; Spark itself would wait for minutes."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A Spark cluster.

    Attributes:
        master: ``spark://host:port`` or ``local[*]``.
    """

    master: str
    name: str = "spark"

    def counts(
        self,
        plan: Plan,
        parts: Sequence[Part],
        *,
        only_replaced: bool = False,
        done: Done = nothing,
    ) -> Any:
        """Counts of the plan's shape over these parts.

        Raises:
            InputError: the master does not answer, Java is missing, or a task failed.
        """
        values = counting.zeros(plan)
        if not parts:
            return values
        session = self._session()
        tasks = min(len(parts), 2 * session.sparkContext.defaultParallelism)
        task = _task(plan, tuple(parts), only_replaced)
        try:
            found = (
                session.range(len(parts), numPartitions=tasks)
                .mapInArrow(task, "place long, persons long")
                .toArrow()
            )
        except PySparkException as error:
            raise InputError(
                f"a Spark task failed: {_last_line(error)}", file=self.master
            ) from error
        finally:
            session.stop()
        place, persons = (found.column(name).to_numpy() for name in _FOUND.names)
        flat = values.reshape(-1)
        np.add.at(flat, place, persons.astype(np.int32))
        for _ in parts:
            done()
        return values

    def _session(self) -> SparkSession:
        home = os.environ.get("JAVA_HOME")
        if not shutil.which("java") and not (home and (Path(home) / "bin/java").exists()):
            raise InputError("Spark needs Java 17: install it, or set JAVA_HOME", file=self.master)
        hosts = [_address(host) for host in _hosts(self.master)]
        if hosts and not any(_answers(*host) for host in hosts):
            raise InputError(
                f"no Spark master answered within {_PATIENCE:.0f} seconds; "
                "check the address and that the master is running",
                file=self.master,
            )
        os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
        os.environ.setdefault("SPARK_SCALA_VERSION", "2.13")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = (
            SparkSession.builder.master(self.master)
            .appName("tilsyn measure")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.driver.maxResultSize", "0")
            .config(f"spark.executorEnv.{VARIABLE}", os.environ.get(VARIABLE, ""))
        )
        if any(host in ("localhost", "127.0.0.1") for host, _ in hosts):
            builder = builder.config("spark.driver.host", "127.0.0.1")
        try:
            return builder.getOrCreate()
        except Exception as error:
            raise InputError(
                f"the Spark session did not start: {_last_line(error)}", file=self.master
            ) from error


def _task(
    plan: Plan, parts: tuple[Part, ...], only_replaced: bool
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with the numbers of the parts it is given."""
    shape = plan.shape

    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        values = counting.zeros(plan)
        if values.shape != shape:  # the place of a cell would mean another one here
            raise InputError(f"a worker has other code lists; give all the same {VARIABLE}")
        for batch in batches:
            for number in batch.column(0).to_pylist():
                counting.add(plan, parts[number], values, only_replaced=only_replaced)
        flat = values.reshape(-1)
        place = np.flatnonzero(flat)
        columns = [pa.array(place, pa.int64()), pa.array(flat[place], pa.int64())]
        yield pa.RecordBatch.from_arrays(columns, schema=_FOUND)

    return count


_LAST_PORT = 2**16 - 1


def _hosts(master: str) -> list[str]:
    _, standalone, hosts = master.partition("spark://")
    return hosts.split(",") if standalone else []


def _address(host: str) -> tuple[str, int]:
    name, _, port = host.rpartition(":")
    number = whole_number(port)
    if not name or number is None or number > _LAST_PORT:
        raise UsageError(f"'spark://{host}' is no Spark master; write it as spark://host:7077")
    return name, number


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except OSError:
        return False
    return True


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith("tilsyn.errors.")]
    return (ours or lines or [type(error).__name__])[-1]
