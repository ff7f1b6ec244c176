"""What the audit log's entries are called on its page; files and programs keep the codes."""

from __future__ import annotations

from tilsyn.words import gettext_noop

ACTIONS = {
    "create_user": gettext_noop("user made"),
    "deactivate": gettext_noop("user closed"),
    "reactivate": gettext_noop("user opened again"),
    "set_password": gettext_noop("password set"),
    "password_off": gettext_noop("password taken away"),
    "grant": gettext_noop("role given"),
    "revoke": gettext_noop("role taken"),
    "release_approved": gettext_noop("release taken into use"),
    "release_refused": gettext_noop("release refused"),
    "set_letterhead": gettext_noop("letterhead changed"),
    "use_plan": gettext_noop("plan taken into use"),
    "look": gettext_noop("persons looked at"),
    "export": gettext_noop("persons taken as a file"),
}
"""By what was done."""
