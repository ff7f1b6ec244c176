"""Addresses of the site, each with the permission its page asks for."""

from __future__ import annotations

from django.urls import include, path

from tilsyn.cases.roles import (
    ADMINISTER,
    APPROVE,
    APPROVE_RELEASE,
    DRAFT,
    MAKE_PLANS,
    VIEW_AUDIT,
    VIEW_CASES,
    VIEW_DRAFTS,
    VIEW_FIGURES,
    VIEW_PERSONS,
    VIEW_PLANS,
)
from tilsyn.site import signing_in
from tilsyn.site.api import api
from tilsyn.site.providers import openid
from tilsyn.site.security import EVERYBODY, page
from tilsyn.site.views import (
    administration,
    api_reference,
    case,
    committee,
    comparison,
    document,
    downloads,
    elsewhere,
    events,
    letterheads,
    municipality,
    operating,
    overview,
    own,
    planning,
    plans,
    releases,
    rules,
    search,
    worklist,
)

urlpatterns = [
    page("", overview.show, "overview", VIEW_FIGURES),
    page("search/", search.show, "search", VIEW_FIGURES),
    page("municipalities/<str:area>/", municipality.show, "municipality", VIEW_FIGURES),
    page("municipalities/<str:area>/figures.<str:form>", downloads.municipality, "municipality-figures", VIEW_FIGURES),
    page("municipalities/<str:area>/note.<str:form>", downloads.note, "municipality-note", VIEW_FIGURES),
    page("municipalities/<str:area>/<str:measure>/<str:group>/", municipality.series, "series", VIEW_FIGURES),
    page("municipalities/<str:area>/<str:measure>/<str:group>/chart.<str:form>", municipality.series_chart, "series-chart", VIEW_FIGURES),
    page("compare/", comparison.show, "comparison", VIEW_FIGURES),
    page("compare/chart.<str:form>", comparison.chart, "comparison-chart", VIEW_FIGURES),
    page("worklist/", worklist.show, "worklist", VIEW_CASES),
    page("worklist/propose/", worklist.propose, "propose", DRAFT),
    page("cases/elsewhere/", elsewhere.show, "elsewhere", APPROVE),
    page("cases/<int:number>/events/<int:sequence>/", events.correct, "event-correct", DRAFT),
    page("cases/<int:number>/", case.show, "case", VIEW_CASES),
    page("cases/<int:number>/<str:action>/", case.act, "case-action", VIEW_CASES),
    page("documents/<int:number>/", document.show, "document", VIEW_CASES),
    page("documents/<int:number>/letter.<str:form>", document.file, "document-file", VIEW_CASES),
    page("documents/<int:number>/<str:action>/", document.act, "document-action", DRAFT),
    page("incoming/<int:number>/", document.incoming, "incoming", VIEW_CASES),
    page("releases/", releases.index, "releases", VIEW_FIGURES),
    page("releases/<str:name>/", releases.show, "release", VIEW_FIGURES),
    page("releases/<str:name>/decide/", releases.decide, "release-decide", APPROVE_RELEASE),
    page("rules/", rules.index, "rules", VIEW_FIGURES),
    page("rules/<str:code>/", rules.show, "rule", VIEW_FIGURES),
    page("committee/", committee.show, "committee", VIEW_FIGURES),
    page("committee/draft/", committee.draft, "committee-draft", DRAFT),
    page("committee/report.<str:form>", committee.report, "committee-report", VIEW_DRAFTS),
    page("committee/<str:quarter>/<str:area>/", committee.assistance, "assistance", DRAFT),
    page("home/", own.home, "home", VIEW_FIGURES),
    page("planning/", planning.show, "planning", VIEW_PLANS),
    page("planning/chart.<str:form>", planning.outlook_chart, "outlook-chart", VIEW_PLANS),
    page("planning/plans/", plans.index, "plans", VIEW_PLANS),
    page("planning/plans/<int:number>/", plans.show, "plan", VIEW_PLANS),
    page("planning/plans/<int:number>/shares.<str:form>", plans.shares_chart, "plan-shares-chart", VIEW_PLANS),
    page("planning/plans/<int:number>/load-<str:kind>.<str:form>", plans.load_chart, "plan-load-chart", VIEW_PLANS),
    page("planning/plans/<int:number>/milestones.toml", plans.milestones, "plan-milestones", VIEW_PLANS),
    page("planning/plans/<int:number>/goal.toml", plans.goal_file, "plan-goal", VIEW_PLANS),
    page("planning/plans/<int:number>/use/", plans.use, "plan-use", MAKE_PLANS),
    page("planning/plans/<int:number>/call-ins/", planning.call_ins, "call-ins", VIEW_PERSONS),
    page("administration/", administration.index, "administration", ADMINISTER),
    page("administration/log/", administration.audit, "audit", VIEW_AUDIT),
    page("administration/letterheads/", letterheads.index, "letterheads", ADMINISTER),
    page("administration/letterheads/<str:office>/", letterheads.show, "letterhead", ADMINISTER),
    page("administration/letterheads/<str:office>/preview.png", letterheads.preview, "letterhead-preview", ADMINISTER),
    page("administration/users/<int:number>/", administration.show, "user", ADMINISTER),
    page("administration/users/<int:number>/<str:action>/", administration.act, "user-action", ADMINISTER),
    page("profile/", own.profile, "profile", EVERYBODY),
    path("calendar/<str:token>.ics", own.feed, name="calendar"),
    path("health", operating.health, name="health"),
    path("metrics", operating.metrics, name="metrics"),
    path("language/", own.language, name="language"),
    signing_in.closed,
    path("accounts/oidc/<str:provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    path("accounts/", include("allauth.urls")),
    page("api/docs", api_reference.show, "api-docs", EVERYBODY),
    path("api/", api.urls),
]  # fmt: skip

handler400 = "tilsyn.site.views.failures.bad_request"
handler403 = "tilsyn.site.views.failures.not_allowed"
handler404 = "tilsyn.site.views.failures.not_found"
handler500 = "tilsyn.site.views.failures.broken"
