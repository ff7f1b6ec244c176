"""Releases: what has come in, what is odd about it, what it would change, and taking it into use."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases import actions
from tilsyn.cases.access import audience
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, ReleaseRecord
from tilsyn.cases.roles import APPROVE_RELEASE
from tilsyn.cases.showing import Showing
from tilsyn.cases.touched import touched
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.printing import is_share
from tilsyn.figures.table import SCHEMA
from tilsyn.figures.vintages import moved
from tilsyn.site.board import board, turned
from tilsyn.site.language import gettext
from tilsyn.site.views.case import done
from tilsyn.vocabulary import COUNTRY

SHOWN = 40


def index(request: HttpRequest) -> HttpResponse:
    """All releases the user may know of."""
    user: Any = request.user
    found = ReleaseRecord.objects.visible_to(user).select_related("decided_by")
    return render(request, "releases.html", {"releases": found})


def show(request: HttpRequest, name: str) -> HttpResponse:
    """One release: its content, its oddities, and what it moves."""
    user: Any = request.user
    record = get_object_or_404(ReleaseRecord.objects.visible_to(user), pk=name)
    try:
        content = releases.read(record.folder)
    except InputError as error:
        return render(request, "release.html", {"record": record, "damaged": str(error)})
    others = ReleaseRecord.objects.in_use().exclude(pk=record.pk)
    names = list(others.filter(published__lte=record.published).values_list("name", flat=True))
    on = max(record.published, today()) if record.status != "approved" else record.published
    readers = audience(user)
    before, after = board(on, readers, names), board(on, readers, [*names, record.name])
    cells = _moved(before.known, after.known)
    flips = turned(before, after)
    context = {
        "record": record,
        "sources": content.sources,
        "figures": content.figures.height,
        "areas": content.figures["area"].n_unique(),
        # An oddity names the figures it is about.
        "tells_oddities": after.known.nothing_hidden,
        "anomalies": content.anomalies,
        "moved": cells.height,
        "cells": [_cell(one) for one in cells.head(SHOWN).iter_rows(named=True)],
        "flips": flips[:SHOWN],
        "flipped": len(flips),
        "touched": touched(Case.objects.visible_to(user).under_way(), cells, flips),
        "first": not names,
        "decides": user.may(APPROVE_RELEASE, COUNTRY) and record.status == "arrived",
    }
    return render(request, "release.html", context)


@lru_cache(maxsize=4)
def _moved(before: Showing, after: Showing) -> pl.DataFrame:
    """The cells that moved, a measure at a time, so that little is held at once."""
    parts = []
    for measure in after.months:
        old, new = (one.scan().filter(pl.col("measure") == measure) for one in (before, after))
        parts.append(moved(old.collect(), new.collect()))
    return pl.concat(parts) if parts else moved(SCHEMA.to_frame(), SCHEMA.to_frame())


def _cell(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "is_share": is_share(row["statistic"])}


@require_POST
def decide(request: HttpRequest, name: str) -> HttpResponse:
    """Take a release into use, or refuse it."""
    user: Any = request.user
    record = get_object_or_404(ReleaseRecord.objects.visible_to(user), pk=name)

    def decided() -> str:
        if request.POST.get("decision") == "refuse":
            actions.refuse_release(release=record, by=user, reason=request.POST.get("reason", ""))
            return gettext("The release is refused.")
        actions.approve_release(release=record, by=user)
        return gettext("The release is taken into use.")

    done(request, decided)
    return redirect("release", name=name)
