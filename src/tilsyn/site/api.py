"""The API: figures, findings, cases and releases, to read. The same access as the pages.

Every error has one shape: `{"error": kind, "message": words}`. Lists come in pages; with
`format=csv` the same rows come as CSV.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Container
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import polars as pl
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import AfterValidator, Field
from pydantic_core import core_schema

from tilsyn.cases.access import audience, may
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, ReleaseRecord
from tilsyn.cases.roles import VIEW_CASES, VIEW_FIGURES
from tilsyn.exports.files import neutral_csv
from tilsyn.records import in_words
from tilsyn.rules.course import courses
from tilsyn.rules.verdicts import GRAVITY
from tilsyn.site import attempts
from tilsyn.site.answers import KINDS
from tilsyn.site.board import board
from tilsyn.site.models import user_of
from tilsyn.vocabulary import AREAS, MEASURES, MUNICIPALITIES, ROWS, STATISTICS, YearMonth

LARGEST_PAGE = 1000


class Token(HttpBearer):
    """`Authorization: Bearer <token>`; the token is made on the profile page."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Whose token it is; a right one is always taken, wrong ones are told to wait."""
        user = user_of(token)
        if user is not None:
            request.user = user
        elif not attempts.take(attempts.of_token(request)):
            raise HttpError(429, KINDS[429][1])
        return user


@dataclass(frozen=True)
class OneOf:
    """A text that is one of some codes; the API's description lists them.

    Attributes:
        more: further codes, which releases may bring.
    """

    what: str
    codes: tuple[str, ...]
    more: Container[str] = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """How it is read: refused with the code's name where it is none."""
        return core_schema.no_info_after_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """How it is described."""
        return {"type": "string", "enum": list(self.codes)}

    def _read(self, code: str) -> str:
        if code not in self.codes and code not in self.more:
            raise ValueError(f"'{code}' is no {self.what}")
        return code


MunicipalityCode = Annotated[str, OneOf("municipality", MUNICIPALITIES.codes)]
AreaCode = Annotated[
    str, OneOf("area", (*MUNICIPALITIES.codes, *{c: 0 for a in AREAS.values() for c in a.codes}))
]
MeasureCode = Annotated[str, OneOf("measure", MEASURES.codes, MEASURES)]
GroupCode = Annotated[str, OneOf("benefit group", ROWS.codes)]
StatisticCode = Annotated[str, OneOf("statistic", tuple(STATISTICS))]
CourseCode = Annotated[str, OneOf("course", tuple(courses()))]
VerdictCode = Annotated[str, OneOf("verdict", GRAVITY)]
Month = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2023-08"])]


_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
# Before and after all months there is as much to know as on the first and the last day of them.
KnownOn = Annotated[dt.date, AfterValidator(lambda day: min(max(day, _FIRST), _LAST))]


class Error(Schema):
    """What went wrong."""

    error: str
    message: str


class Page(Schema):
    """A page of rows: how many there are in all, and where the next page begins, if there is one."""

    total: int
    next_offset: int | None
    rows: list[dict[str, Any]]


class Paging(Schema):
    """Which rows, and in what form."""

    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(100, ge=1, le=LARGEST_PAGE)
    format: Literal["json", "csv"] = "json"


_ERRORS = dict.fromkeys((400, 401, 403, 422, 429, 500, 503), Error)

_CSV = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}

api = NinjaAPI(
    title="Tilsyn",
    version="1",
    description=__doc__ or "",
    auth=Token(),
    urls_namespace="api",
    # The page about it is our own (views.api): the usual one is fetched from elsewhere.
    docs_url=None,
    openapi_extra={"info": {"license": {"name": "MPL-2.0"}}},
)


def _failed(request: HttpRequest, status: int, error: str, message: str) -> HttpResponse:
    return api.create_response(request, {"error": error, "message": message}, status=status)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: Any) -> HttpResponse:
    return _failed(request, 401, *KINDS[401])


@api.exception_handler(ValidationError)
def _misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    parts = [f"{one['loc'][-1]}: {in_words(one)}" for one in error.errors]
    return _failed(request, 422, "invalid", "; ".join(parts))


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _failed(request, error.status_code, KINDS[error.status_code][0], str(error))


def _demand(request: HttpRequest, permission: str, query: Paging) -> None:
    if not may(request.user, permission):
        raise HttpError(403, f"you may not {permission.replace('_', ' ')}")
    # A misspelt parameter would widen the answer without a word.
    known = type(query).model_fields
    if unknown := sorted(set(request.GET) - set(known)):
        raise HttpError(422, f"there is no parameter '{unknown[0]}'; there are {', '.join(known)}")


def _page(rows: list[dict[str, Any]], total: int, paging: Paging) -> Any:
    if paging.format == "csv":
        return _csv(pl.DataFrame(rows, infer_schema_length=None), total)
    following = _following(len(rows), total, paging)
    return {"total": total, "next_offset": following, "rows": rows}


def _page_of_figures(found: pl.DataFrame, paging: Paging) -> HttpResponse:
    """A page cut from a figure table, without making Python objects of its cells."""
    cut = found.slice(paging.offset, paging.limit).rename({"grp": "group"})
    if paging.format == "csv":
        return _csv(cut, found.height)
    following = json.dumps(_following(cut.height, found.height, paging))
    return HttpResponse(
        f'{{"total": {found.height}, "next_offset": {following}, "rows": {cut.write_json()}}}',
        content_type="application/json; charset=utf-8",
    )


def _csv(rows: pl.DataFrame, total: int) -> HttpResponse:
    text = neutral_csv(rows) if rows.width else ""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["X-Total"] = str(total)
    return response


def _following(shown: int, total: int, paging: Paging) -> int | None:
    """Where the next page begins; None where there is none."""
    following = paging.offset + shown
    return following if shown and following < total else None


class FigureFilter(Paging):
    """Which figures."""

    area_kind: Literal["municipality", "rar", "amk", "region", "country"] = "municipality"
    area: AreaCode | None = None
    measure: MeasureCode | None = None
    group: GroupCode | None = None
    statistic: StatisticCode | None = None
    first_month: Month | None = None
    last_month: Month | None = None
    known_on: KnownOn | None = None


@api.get(
    "/figures",
    response={200: Page, **_ERRORS},
    summary="Figures as known on a day",
    openapi_extra=_CSV,
)
def figures(request: HttpRequest, query: Query[FigureFilter]) -> Any:
    """Rows of the figure table: one vintage a cell, the latest known on `known_on` (today)."""
    _demand(request, VIEW_FIGURES, query)
    on = min(query.known_on or today(), today())
    shown = board(on, audience(request.user))
    wanted = [
        pl.col(column) == value
        for column, value in (
            ("measure", query.measure),
            ("grp", query.group),
            ("statistic", query.statistic),
        )
        if value is not None
    ]
    if query.first_month:
        wanted.append(pl.col("month") >= YearMonth.parse(query.first_month).first)
    if query.last_month:
        wanted.append(pl.col("month") <= YearMonth.parse(query.last_month).first)
    if query.area is None:
        of_kind = shown.known.scan().filter(pl.col("area_kind") == query.area_kind, *wanted)
        found = of_kind.collect()
    else:
        part = shown.part(query.area_kind, query.area)
        found = part.filter(*wanted) if wanted else part
    return _page_of_figures(found, query)


class FindingFilter(Paging):
    """Which findings."""

    area: MunicipalityCode | None = None
    rule: str | None = None
    verdict: VerdictCode | None = None
    known_on: KnownOn | None = None


@api.get(
    "/findings", response={200: Page, **_ERRORS}, summary="Judgements on a day", openapi_extra=_CSV
)
def findings(request: HttpRequest, query: Query[FindingFilter]) -> Any:
    """What the rules in force on `known_on` say of the figures known that day."""
    _demand(request, VIEW_FIGURES, query)
    on = min(query.known_on or today(), today())
    shown = board(on, audience(request.user))
    found = shown.by_area[query.area] if query.area else shown.findings
    kept = [f for f in found if query.rule in (None, f.rule) and query.verdict in (None, f.verdict)]
    cut = [f.record() for f in kept[query.offset : query.offset + query.limit]]
    if query.format == "csv":
        cut = [_flat(record) for record in cut]
    return _page(cut, len(kept), query)


_NESTED = ("months", "explanation", "set_aside", "alternative")


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in record.items() if key not in _NESTED}
    months = " ".join(month["month"] for month in record["months"])
    return {
        **plain,
        "months": months,
        "alternative": " ".join(record["alternative"].values()),
        **{f"explanation_{k}": v for k, v in record["explanation"].items()},
    }


class CaseFilter(Paging):
    """Which cases."""

    area: AreaCode | None = None
    status: Literal["proposed", "open", "closed"] | None = None
    course: CourseCode | None = None


@api.get("/cases", response={200: Page, **_ERRORS}, summary="Cases you may see", openapi_extra=_CSV)
def cases(request: HttpRequest, query: Query[CaseFilter]) -> Any:
    """The cases by the next deadline."""
    _demand(request, VIEW_CASES, query)
    found = Case.objects.visible_to(request.user).by_deadline()
    for field in ("area", "status", "course"):
        if (value := getattr(query, field)) is not None:
            found = found.filter(**{field: value})
    rows = [
        {
            "number": case.number,
            "id": case.pk,
            "course": case.course,
            "version": case.version,
            "area": case.area,
            "status": case.status,
            "step": case.step,
            "opened_on": str(case.opened_on),
            "due_on": str(case.due_on) if case.due_on else None,
        }
        for case in found[query.offset : query.offset + query.limit]
    ]
    return _page(rows, found.count(), query)


@api.get(
    "/releases", response={200: Page, **_ERRORS}, summary="Releases of figures", openapi_extra=_CSV
)
def releases(request: HttpRequest, query: Query[Paging]) -> Any:
    """The releases in use; to the authority also those that wait or were refused."""
    _demand(request, VIEW_FIGURES, query)
    found = ReleaseRecord.objects.visible_to(request.user)
    rows = [
        {
            "name": one.name,
            "published": str(one.published),
            "status": one.status,
            "manifest_sha256": one.manifest_sha256,
        }
        for one in found[query.offset : query.offset + query.limit]
    ]
    return _page(rows, found.count(), query)
