"""What the audit log's entries are called on its page; files and programs keep the codes."""

from __future__ import annotations

ACTIONS = {
    "create_user": ("bruger oprettet", "user made"),
    "deactivate": ("bruger lukket", "user closed"),
    "reactivate": ("bruger åbnet igen", "user opened again"),
    "set_password": ("adgangskode sat", "password set"),
    "password_off": ("adgangskode slået fra", "password taken away"),
    "grant": ("rolle givet", "role given"),
    "revoke": ("rolle frataget", "role taken"),
    "release_approved": ("udgivelse taget i brug", "release taken into use"),
    "release_refused": ("udgivelse afvist", "release refused"),
    "set_letterhead": ("brevhoved ændret", "letterhead changed"),
    "use_plan": ("plan taget i brug", "plan taken into use"),
    "look": ("borgere set", "persons looked at"),
    "export": ("borgere hentet som fil", "persons taken as a file"),
}
"""By what was done: in Danish, in English."""
