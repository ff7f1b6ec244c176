"""What leaves the API whatever happened: errors in one shape, and answers that need not be sent twice.

An error is `{"error": kind, "message": words}`. The API makes most of them itself; what is answered before
it is reached (a wrong method, no such address, a database that is away) is brought into the same shape here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware

KINDS = {
    400: ("bad_request", "the request could not be understood"),
    401: ("not_signed_in", "give a token: Authorization: Bearer <token>"),
    403: ("not_allowed", "you may not do this"),
    404: ("not_found", "there is nothing at this address, or it is not for you"),
    405: ("method_not_allowed", "this address is asked with GET"),
    422: ("invalid", "something in the request has no meaning here"),
    429: ("too_many", "too many wrong tokens from this address; wait a minute"),
    500: ("defect", "a defect of the program; it has been written down"),
    503: ("unavailable", "the database does not answer; try again in a minute"),
}
"""Kind and words of each error, by HTTP status."""


def in_one_shape(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware for addresses under /api/; others are left alone."""
    conditional = ConditionalGetMiddleware(respond)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if not request.path.startswith("/api/"):
            return response
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.status_code >= 400 and kind != "application/json":
            response = _shaped(response)
        # Figures are the reader's own: kept by his program, and asked for anew each time.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return conditional.process_response(request, response)

    return middleware


def _shaped(response: HttpResponse) -> HttpResponse:
    error, message = KINDS.get(response.status_code, ("error", "this was refused"))
    told = JsonResponse({"error": error, "message": message}, status=response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told
