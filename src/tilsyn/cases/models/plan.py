"""Call-in plans: what was asked for, who is making it, and which one is in use."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import ClassVar, Literal

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tilsyn.cases import access
from tilsyn.cases.models.constraints import whole_pair
from tilsyn.cases.models.people import User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import VIEW_PLANS
from tilsyn.errors import InputError
from tilsyn.planning.record import DUTIES, WORKLIST, PlanRecord

LAPSES_AFTER = dt.timedelta(seconds=90)
"""Who makes a plan says so every few seconds; a claim this old was left by a process that died."""
GIVES_UP_AFTER = 3
"""Attempts, after which only somebody who asks again sets it going."""

FILE = "plan.json"
"""The plan's record in its folder; the worklist and the duty list lie beside it."""

Stage = Literal["made", "failed", "under_way", "stopped"]


class PlanQuerySet(models.QuerySet["CallInPlan"]):
    """Plans."""

    def visible_to(self, user: User | AnonymousUser) -> PlanQuerySet:
        """Those of the user's municipality, in its own installation."""
        if settings.INSTALLATION != "municipality":
            return self.none()
        return self.filter(access.within("area", access.areas(user, VIEW_PLANS)))

    def unmade(self) -> PlanQuerySet:
        """Those to be made: asked for, and not found impossible."""
        return self.filter(made_at__isnull=True, error="")

    def free(self) -> PlanQuerySet:
        """Those to be made that nobody is making."""
        lapsed = timezone.now() - LAPSES_AFTER
        return self.unmade().filter(Q(claimed_by="") | Q(claimed_at__lt=lapsed))

    def in_use(self, area: str) -> CallInPlan | None:
        """The plan a municipality works by: the one taken into use last."""
        return self.filter(area=area, used_at__isnull=False).order_by("-used_at").first()


class CallInPlan(models.Model):
    """A plan that was asked for. What it says is in its folder; pseudonyms are there alone.

    Attributes:
        key: of all it follows from: the register's content, the rules, the wish, the program.
        content: of the register's store.
        wish: what was asked for (`tilsyn.cases.plans.wishes.Wish`).
        asked_at: on the installation's day.
        claimed_at: by the clock, when it was last asked for or last said that it is being made.
        claimed_by: who is making it; a claim left by a crash lapses.
        error: why it cannot be made.
        used_by, used_at: who took it into use.
    """

    area = models.CharField(max_length=3)
    key = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    wish = models.JSONField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            whole_pair("plan", "used_by", "used_at"),
            models.CheckConstraint(
                name="plan_used_when_made",
                condition=Q(used_at__isnull=True) | Q(made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def stage(self) -> Stage:
        """How far it is; "stopped" when whoever made it died, and it may be asked for again."""
        if self.made_at is not None:
            return "made"
        if self.error:
            return "failed"
        alive = self.claimed_at is not None and timezone.now() - self.claimed_at < LAPSES_AFTER
        return "under_way" if alive else "stopped"

    @property
    def folder(self) -> Path:
        """Where the plan's files are; only the installation reads them."""
        return Path(settings.DATA_DIR) / "plans" / self.key

    @property
    def worklist(self) -> Path:
        """The call-ins (`tilsyn.planning.worklist`)."""
        return self.folder / WORKLIST

    @property
    def duties(self) -> Path:
        """What is due to whom."""
        return self.folder / DUTIES

    def read(self) -> PlanRecord:
        """What a plan that is made comes to.

        Raises:
            InputError: its folder is gone, or another version wrote it.
        """
        try:
            return PlanRecord.model_validate_json((self.folder / FILE).read_bytes())
        except (OSError, ValueError) as error:
            raise refused(InputError, "plan_gone") from error

    def is_gone(self) -> bool:
        """Whether the plan was made and cannot be read any more."""
        try:
            return self.made_at is not None and not self.read()
        except InputError:
            return True
