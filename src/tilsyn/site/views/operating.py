"""Addresses for programs that watch the installation: no session, no person."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from tilsyn.site import operating


def health(request: HttpRequest) -> HttpResponse:
    """200, or 503 with what is failing."""
    now = operating.health()
    status = 503 if now.failing else 200
    return JsonResponse(now.record(), status=status, headers={"Cache-Control": "no-store"})


def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, by the bearer token of the settings; without one there is no such page."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(given, wanted):
        raise Http404
    text = operating.metrics()
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")
