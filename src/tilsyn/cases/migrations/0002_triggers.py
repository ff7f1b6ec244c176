"""Triggers that keep events, the audit log and what documents say from being changed."""

from django.db import migrations

from tilsyn.cases import triggers

# Those there were; a later table brings its own.
TABLES = (
    "cases_event",
    "cases_auditentry",
    "cases_document",
    "cases_incoming",
    "cases_releaserecord",
)


class Migration(migrations.Migration):
    """Make the triggers."""

    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, schema: triggers.install(schema, TABLES),
            lambda apps, schema: triggers.remove(schema, TABLES),
        )
    ]
