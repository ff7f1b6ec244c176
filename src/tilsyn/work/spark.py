"""A Spark cluster as an engine: each task is given keys by number, and sends back what the function gives.

Every worker must have tilsyn installed and see the files that keys name under the same paths (a shared file
system). Functions, keys and results are pickled.
"""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tilsyn.errors import InputError, TilsynError, UsageError
from tilsyn.own import VARIABLE
from tilsyn.parsing import whole_number
from tilsyn.work.spreading import Done, Key, Result, nothing

try:
    import pyspark
    from pyspark.errors import PySparkException
    from pyspark.sql import DataFrame, SparkSession
except ImportError as error:  # the extra is not installed
    raise UsageError(
        "--engine spark needs PySpark; install it with: pip install 'tilsyn[spark]'"
    ) from error

_RESULT = pa.schema([("number", pa.int64()), ("result", pa.binary())])
_PATIENCE = 5.0
"""Seconds to wait for a master to answer; Spark itself would wait for minutes."""
_LOOK = 0.5
"""Seconds between two looks at how far the tasks are."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A Spark cluster.

    Attributes:
        master: ``spark://host:port`` or ``local[*]``.
    """

    master: str
    name: str = "spark"

    def over(
        self, keys: Iterable[Key], function: Callable[[Key], Result], *, done: Done = nothing
    ) -> Iterator[Result]:
        """As `Engine.over`.

        Raises:
            InputError: the master does not answer, Java is missing, or a task failed.
        """

        def each(share: Iterator[tuple[int, Key]]) -> Iterator[tuple[int, Result]]:
            for number, key in share:
                yield number, function(key)

        for _, result in sorted(self._results([*keys], each, done), key=lambda pair: pair[0]):
            yield result

    def shares(
        self,
        keys: Sequence[Key],
        function: Callable[[Iterator[Key]], Result],
        *,
        most: int,
        done: Done = nothing,
    ) -> Iterator[Result]:
        """As `Sharing.shares`; raises as `over`."""

        def whole(share: Iterator[tuple[int, Key]]) -> Iterator[tuple[int, Result]]:
            yield 0, function(key for _, key in share)

        for _, result in self._results(keys, whole, done):
            yield result

    def _results(
        self,
        keys: Sequence[Key],
        function: Callable[[Iterator[tuple[int, Key]]], Iterator[tuple[int, Result]]],
        done: Done,
    ) -> list[tuple[int, Result]]:
        if not keys:
            return []
        session = self._session()
        try:
            tasks = min(len(keys), 2 * session.sparkContext.defaultParallelism)
            frame = session.range(len(keys), numPartitions=tasks).mapInArrow(
                _task([pickle.dumps(key) for key in keys], function),
                "number long, result binary",
            )
            table = _collected(session, frame, len(keys), tasks, done)
        except PySparkException as error:
            raise InputError(
                f"a Spark task failed: {_last_line(error)}", file=self.master
            ) from error
        finally:
            session.stop()
        found = []
        for number, result in zip(*(column.to_pylist() for column in table.columns), strict=True):
            value = pickle.loads(result)
            if isinstance(value, TilsynError):
                raise value
            found.append((number, value))
        return found

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
            .appName("tilsyn")
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
    keys: Sequence[bytes], function: Callable[[Iterator[tuple[int, Any]]], Iterator[Any]]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with the numbers of the keys it is given.

    What the program itself refuses is a result: Spark would try it again.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        share = (
            (number, pickle.loads(keys[number]))
            for batch in batches
            for number in batch.column(0).to_pylist()
        )
        try:
            for number, result in function(share):
                yield _row(number, result)
        except TilsynError as error:
            yield _row(0, error)

    return work


def _row(number: int, result: Any) -> pa.RecordBatch:
    columns = [pa.array([number], pa.int64()), pa.array([pickle.dumps(result)], pa.binary())]
    return pa.RecordBatch.from_arrays(columns, schema=_RESULT)


def _collected(
    session: SparkSession, frame: DataFrame, keys: int, tasks: int, done: Done
) -> pa.Table:
    """The tasks' results; meanwhile, of so many keys, as many are told as the tasks done had."""
    tracker, told = session.sparkContext.statusTracker(), 0

    def tell(so_far: int) -> int:
        for _ in range(told, so_far):
            done()
        return max(told, so_far)

    with ThreadPoolExecutor(1) as pool:
        collecting = pool.submit(frame.toArrow)
        while not wait([collecting], timeout=_LOOK).done:
            stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
            finished = sum(stage.numCompletedTasks for stage in stages if stage)
            told = tell(keys * finished // tasks)
        table = collecting.result()
    tell(keys)
    return table


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
