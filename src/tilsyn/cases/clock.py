"""What day it is, for deadlines and new events; a demonstration on old figures says another one."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone


def moment(on: dt.date) -> dt.datetime:
    """Now, or noon of the day something is done on where that is another day."""
    if on == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(dt.datetime.combine(on, dt.time(12)))


def today() -> dt.date:
    """Today in Denmark, or the installation's own day (setting TODAY)."""
    return settings.TODAY or timezone.localdate()
