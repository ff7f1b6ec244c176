"""Database triggers: what may only be added to, and what may not change, whoever writes.

The models refuse too, with a kinder message; the triggers hold for everything else that can reach the
database.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

APPEND_ONLY = ("cases_event", "cases_auditentry", "cases_assistanceentry")
"""Tables whose rows are never changed or removed."""

FIXED = {
    "cases_document": (
        "case_id",
        "kind",
        "step",
        "sha256",
        "files",
        "made_from",
        "edits",
        "drafted_by_id",
    ),
    "cases_incoming": ("case_id", "kind", "step", "sha256", "received_on"),
    "cases_releaserecord": ("manifest_sha256", "published"),
}
"""Columns that never change once written, by table; their rows are never removed."""

ALL = (*APPEND_ONLY, *FIXED)


def install(schema: BaseDatabaseSchemaEditor, tables: Collection[str] = ALL) -> None:
    """Make the triggers of these tables."""
    for statement in _statements(schema.connection.vendor, tables):
        schema.execute(statement, params=None)


def remove(schema: BaseDatabaseSchemaEditor, tables: Collection[str] = ALL) -> None:
    """Take them away again."""
    on = schema.connection.vendor == "postgresql"
    for table in tables:
        for what in ("update", "delete", *(("truncate",) if on else ())):
            place = f" ON {table}" if on else ""
            schema.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{place}", params=None)


def _statements(vendor: str, tables: Collection[str]) -> list[str]:
    make = _postgresql if vendor == "postgresql" else _sqlite
    statements = []
    if vendor == "postgresql":
        statements.append(
            "CREATE OR REPLACE FUNCTION cases_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        statements += [
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse()"
            for table in tables
        ]
    for table in (one for one in APPEND_ONLY if one in tables):
        statements += [make(table, "update", ""), make(table, "delete", "")]
    distinct = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    # PostgreSQL's json has no equality; as text the same bytes are the same value.
    cast = "::text" if vendor == "postgresql" else ""
    for table, columns in ((one, FIXED[one]) for one in FIXED if one in tables):
        changed = " OR ".join(f"OLD.{c}{cast} {distinct} NEW.{c}{cast}" for c in columns)
        statements += [make(table, "update", f"WHEN ({changed})"), make(table, "delete", "")]
    return statements


def _sqlite(table: str, what: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
    )


def _postgresql(table: str, what: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} FOR EACH ROW {when} "
        "EXECUTE FUNCTION cases_refuse()"
    )
