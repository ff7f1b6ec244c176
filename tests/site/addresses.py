"""Every address of the site, also those of the sign-in, filled in with what an installation holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

POSTED = {
    "propose",
    "committee-draft",
    "case-action",
    "document-action",
    "release-decide",
    "plan-use",
    "user-action",
    "language",
}
"""Those that take a form and show nothing."""

FILL = {
    "area": "766",
    "form": "csv",
    "measure": "conversations_6m",
    "group": "sygedagpenge",
    "name": "hedensted-2022-05",
    "code": "early_effort",
    "token": "nobody",
    "action": "note",
    "key": "nokey",
    "uidb36": "1",
    "quarter": "2022-Q2",
    "sequence": "3",
    "office": "midt_nord",
    "kind": "conversations",
    "provider_id": "nobody",
    "organization_slug": "nobody",
}
ACTIONS = {"document-action": "send", "user-action": "grant"}
FORMS = {"document-file": "html", "committee-report": "pdf", "municipality-note": "pdf"}


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every page's whole route and its pattern; the API's routes have a test of their own."""

    def within(found, before) -> Iterator[tuple[str, URLPattern]]:
        for one in found:
            route = before + str(one.pattern).removeprefix("^").removesuffix("$")
            if isinstance(one, URLResolver):
                if route != "api/":
                    yield from within(one.url_patterns, route)
            elif one.name != "closed":
                yield route, one

    return within(get_resolver().url_patterns, "")


def addresses(installation, **asked: str) -> Iterator[tuple[str, str, str]]:
    """Name, route and a filled-in address of every page; what is asked stands in place of the usual."""
    numbers = {
        "case": installation.case.pk,
        "case-action": installation.case.pk,
        "event-correct": installation.case.pk,
        "document": installation.letter.pk,
        "document-file": installation.letter.pk,
        "document-action": installation.letter.pk,
        "user": installation.people["municipality"].pk,
        "user-action": installation.people["municipality"].pk,
    }
    for route, pattern in patterns():
        name = pattern.name or route
        values = {**FILL, "number": str(numbers.get(name, 1))}
        values["action"] = ACTIONS.get(name, FILL["action"])
        values["form"] = FORMS.get(name, FILL["form"])
        values |= {} if name in FORMS else asked
        filled = re.sub(
            r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)",
            lambda found, values=values: values[found[1] or found[2]],
            route,
        )
        yield name, f"/{route}", f"/{filled}"
