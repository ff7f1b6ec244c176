"""Triggers that keep events, the audit log and what documents say from being changed."""

from django.db import migrations

from tilsyn.cases import triggers


class Migration(migrations.Migration):
    """Make the triggers."""

    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, schema: triggers.install(schema),
            lambda apps, schema: triggers.remove(schema),
        )
    ]
