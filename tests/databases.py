"""How tests use the database: in a file of their own, and emptied although it refuses to be."""

from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.test import TransactionTestCase

from tilsyn.cases import triggers


def empty_without_triggers() -> None:
    """Let tests that commit empty the database afterwards; the triggers are away only meanwhile."""
    plain = TransactionTestCase._fixture_teardown

    def teardown(self) -> None:
        with connection.schema_editor() as schema:
            triggers.remove(schema)
        plain(self)
        with connection.schema_editor() as schema:
            triggers.install(schema)

    TransactionTestCase._fixture_teardown = teardown


def take_down_whoever_is_there() -> None:
    """Let a test database on PostgreSQL be taken down while a stopped server's thread lets go of it."""

    def forced(self: DatabaseCreation, name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = forced


def in_a_file(database, folder) -> None:
    """A test database that several threads and processes may use at once; not safe against power cuts."""
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(folder / "test.sqlite3")
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    else:
        # A server's thread would hold on to its connection, and the database could not be taken down.
        database["CONN_MAX_AGE"] = 0
