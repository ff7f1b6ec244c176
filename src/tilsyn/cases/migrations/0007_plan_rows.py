"""The lists of plans are rows: the folders that an earlier version wrote are written anew beside them."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

from tilsyn.errors import InputError
from tilsyn.planning.earlier import site_files
from tilsyn.planning.record import WORKLIST
from tilsyn.work.files import MINE, put_whole


def forwards(apps: Any, schema_editor: Any) -> None:
    """Convert what can be read; what cannot says on its page that it is gone, as before."""
    plans = apps.get_model("cases", "CallInPlan").objects.using(schema_editor.connection.alias)
    for plan in plans.filter(made_at__isnull=False):
        folder = Path(settings.DATA_DIR) / "plans" / plan.key
        if not (folder / "da" / "worklist.csv").exists() or (folder / WORKLIST).exists():
            continue
        with suppress(InputError):
            found = site_files(folder)
            # The worklist last: where it is, everything is.
            for name in sorted(found, key=lambda name: name == WORKLIST):
                put_whole(folder / name, found[name], mode=MINE)


class Migration(migrations.Migration):
    """No table changes."""

    dependencies = [
        ("cases", "0006_returned"),
    ]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
