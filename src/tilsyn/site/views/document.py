"""A document of a case: seen as it will be sent, rewritten, approved by another, sent; its files."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases import actions, drafting, storage
from tilsyn.cases.clock import today
from tilsyn.cases.models import Document, Event, Incoming
from tilsyn.cases.models.document import CURRENT
from tilsyn.cases.roles import APPROVE, DRAFT, SEND
from tilsyn.documents.edits import Edit
from tilsyn.errors import InputError, TilsynError
from tilsyn.site.attached import TYPES, attached
from tilsyn.site.language import gettext
from tilsyn.site.refusals import explained
from tilsyn.site.views.case import done

_TYPES = {**TYPES, "html": "text/html; charset=utf-8"}
_FORMS = ("pdf", "docx", "html")
# The letter brings its own style; it may do nothing else, and only our own pages may frame it.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self'; "
    "frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)


def seen(request: HttpRequest, number: int) -> Document:
    """The document, if the user may see it; else it is not there."""
    user: Any = request.user
    documents = Document.objects.visible_to(user).select_related(
        "case", "drafted_by", "approved_by", "sent_by"
    )
    return get_object_or_404(documents, pk=number)


def show(request: HttpRequest, number: int) -> HttpResponse:
    """The document's page."""
    return _page(request, seen(request, number))


def _page(request: HttpRequest, document: Document) -> HttpResponse:
    """The page; what was written in an action that was refused stands there still."""
    user: Any = request.user
    area = document.case.area
    rewritable = document.status in CURRENT
    texts: dict[str, str] = {}
    if user.may(DRAFT, area) and (rewritable or request.POST):
        # A letter that can no longer be made again from its figures is read, not rewritten.
        with contextlib.suppress(TilsynError):
            texts = drafting.paragraphs(actions.tree(document))
    edits, unmade = _edits(document)
    written = {place: _written(request, place, text) for place, text in texts.items()}
    context = {
        "document": document,
        "case": document.case,
        "works": user.may(DRAFT, area),
        "paragraphs": written if rewritable else {},
        "edited": written != texts,
        "unkept": []
        if rewritable
        else [text for place, text in written.items() if text != texts[place]],
        "recipients": request.POST.get("recipients", ""),
        "may_approve": user.may(APPROVE, area) and document.status == "drafted",
        "own": document.drafted_by_id == user.pk,
        "edits": edits,
        "unmade": unmade,
        "doubts": list(dict.fromkeys(doubt for edit in edits for doubt in edit.doubts)),
        "acknowledged": request.POST.getlist("acknowledged"),
        "comment": request.POST.get("comment", ""),
        "returned": Event.objects.visible_to(user)
        .filter(case=document.case, kind="returned", payload__document=document.pk)
        .first(),
        "height": _height(document),
        "may_send": user.may(SEND, area) and document.status == "approved",
        "forms": [form for form in _FORMS if form in document.files],
    }
    return render(request, "cases/document.html", context)


def _edits(document: Document) -> tuple[tuple[Edit, ...], str]:
    """What was edited; or why that cannot be told, where its figures are there no more."""
    try:
        return actions.edits(document), ""
    except TilsynError as refusal:
        return (), explained(refusal)


def _height(document: Document) -> int:
    """About how many pixels the whole letter takes on a wide page, where a frame does not know itself."""
    try:
        page = actions.exported(document, "html").decode()
    except TilsynError:
        return 900
    lines = sum(
        1 + len(text) // 80 for _, text in re.findall(r"<(p|li|caption)[^>]*>([^<]*)", page)
    )
    return (
        420
        + 30 * lines
        + 34 * page.count("<tr")
        + 60 * page.count("<h2")
        + 400 * page.count("<figure")
    )


def file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The document in a form, exactly as it was kept when it was drafted."""
    document = seen(request, number)
    if form not in _FORMS or form not in document.files:
        raise Http404
    data = actions.exported(document, form)
    if form == "html":
        response = HttpResponse(data, content_type=_TYPES[form])
        response["Content-Security-Policy"] = _LETTER_POLICY
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response
    return attached(data, f"{document.kind}-{document.case.number}.{form}", _TYPES[form])


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Approve, send back, send or rewrite."""
    document = seen(request, number)
    user: Any = request.user
    became: list[Document] = []

    def approve() -> str:
        seen = request.POST.getlist("acknowledged")
        actions.approve(document=document, by=user, on=today(), acknowledged=seen)
        return gettext("The letter is approved and can be sent.")

    def send_back() -> str:
        comment = request.POST.get("comment", "")
        actions.send_back(document=document, comment=comment, by=user, on=today())
        return gettext("The draft has been sent back, and whoever wrote it is told.")

    def send() -> str:
        recipients = _recipients(request.POST.get("recipients", ""))
        actions.send(document=document, by=user, on=today(), recipients=recipients)
        return gettext("The letter is recorded as sent.")

    def revise() -> str:
        before = drafting.paragraphs(actions.tree(document))
        edits = {
            place: text
            for place, old in before.items()
            if (text := _written(request, place, old).strip()) and text != old
        }
        if not edits:
            raise InputError(gettext("Nothing has been changed."))
        became.append(actions.revise_document(document=document, edits=edits, by=user, on=today()))
        return gettext("The changes are kept as a new draft.")

    known = {"approve": approve, "return": send_back, "send": send, "revise": revise}
    if action not in known:
        raise Http404
    if not done(request, known[action]):
        return _page(request, seen(request, number))
    if action == "send":
        return redirect("case", number=document.case_id)
    return redirect("document", number=became[0].pk if became else document.pk)


def _written(request: HttpRequest, place: str, text: str) -> str:
    """A paragraph as the officer has written it; where he has not, as it stands."""
    return request.POST.get(f"p{place}", text).replace("\r\n", "\n")


def _recipients(text: str) -> list[str]:
    found = [one for one in text.replace(",", " ").replace(";", " ").split() if one]
    for one in found:
        try:
            validate_email(one)
        except ValidationError:
            raise InputError(gettext("'{one}' is no e-mail address.", one=one)) from None
    return found


def incoming(request: HttpRequest, number: int) -> HttpResponse:
    """A received document, as it came: always to be kept, never shown by the browser."""
    user: Any = request.user
    one: Any = get_object_or_404(Incoming.objects.visible_to(user), pk=number)
    return attached(storage.fetch(one.sha256), _plain(one.filename), "application/octet-stream")


def _plain(name: str) -> str:
    return (
        "".join(c if c.isalnum() or c in "-_. " else "-" for c in name)
        .encode("ascii", "replace")
        .decode()
        .replace("?", "-")
    )
