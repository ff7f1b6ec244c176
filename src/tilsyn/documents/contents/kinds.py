"""The kinds of document, as data: what each is called, who writes it, and what it cannot do without."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import polars as pl

from tilsyn.documents.contents.occasion import Builder
from tilsyn.errors import InputError
from tilsyn.vocabulary import MEASURES


class NothingToWrite(InputError):
    """The municipality gives no occasion for a document of this kind; nothing is wrong."""


@dataclass(frozen=True)
class Need:
    """A figure needed: one of these statistics of one of these measures, in any month."""

    measures: tuple[str, ...]
    statistics: tuple[str, ...]

    def met(self, figures: pl.DataFrame, municipality: str) -> bool:
        """Whether the figures hold one that is not merely absent."""
        found = figures.filter(
            (pl.col("area") == municipality)
            & pl.col("measure").is_in(self.measures)
            & pl.col("statistic").is_in(self.statistics)
            & (pl.col("status") != "not_available")
        )
        return not found.is_empty()

    def __str__(self) -> str:
        return f"{' or '.join(self.measures)} ({' or '.join(self.statistics)})"


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    Attributes:
        name: as the command and file names have it.
        da, en: what it is called.
        about: one line for the command's help.
        builder: "module:function" in this package, imported when it is first asked for, so that a
            letter need not wait for the charts of a note.
        rules: whose findings it needs; a follow-up rule is asked about the subjects in the facts.
        verdicts: of these verdicts it needs at least one, else there is nothing to write; empty
            where any will do.
        requires, optional: figures it cannot do without, and those it can.
        facts: facts of the course it needs.
        tells: further facts it tells where they are given.
        blocked_by_shift: whether rows that have slipped among its figures block it.
        encloses: kinds enclosed when it is sent.
        enclosed_as: the forms it takes when it is enclosed itself.
        command: the command that writes it: "letter", or "note".
    """

    name: str
    da: str
    en: str
    about: str
    builder: str
    rules: tuple[str, ...]
    verdicts: tuple[str, ...] = ()
    requires: tuple[Need, ...] = ()
    optional: tuple[Need, ...] = ()
    facts: tuple[str, ...] = ("reference",)
    tells: tuple[str, ...] = ()
    blocked_by_shift: bool = True
    encloses: tuple[str, ...] = ()
    enclosed_as: tuple[str, ...] = ("pdf",)
    command: str = "letter"

    def title(self, language: str) -> str:
        """What it is called."""
        return self.da if language == "da" else self.en

    @property
    def build(self) -> Builder:
        """The function that makes it."""
        module, _, function = self.builder.partition(":")
        builder: Builder = getattr(import_module(f"{__package__}.{module}"), function)
        return builder

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures its figures are of."""
        return tuple(dict.fromkeys(m for n in (*self.requires, *self.optional) for m in n.measures))


_EARLY, _FOCUS = MEASURES.of_effort("early"), MEASURES.of_effort("focus")
_EARLY_SHARES = Need(_EARLY, ("share", "unmet"))
_EARLY_COUNTS = Need(_EARLY, ("population", "unmet"))
_COURSE = ("reference", "notice", "notice.date", "follow_up")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="notice",
            da="Henvendelse om den tidlige indsats",
            en="Notice of the early effort",
            about="Write the notice of the early-effort supervision to a municipality that is flagged.",
            builder="notice:notice",
            rules=("early_effort",),
            verdicts=("flagged",),
            requires=(_EARLY_SHARES,),
            optional=(_EARLY_COUNTS,),
            tells=("follow_up", "restore_by", "reply_by", "contact"),
            encloses=("orientation",),
        ),
        Kind(
            name="orientation",
            da="Orientering om tilsynet med den tidlige indsats",
            en="Orientation on the early-effort supervision",
            about="Write the general description of the supervision that is enclosed with a notice.",
            builder="orientation:orientation",
            rules=(),
            facts=(),
        ),
        Kind(
            name="decision",
            da="Opfølgning på genopretningen af den tidlige indsats",
            en="Follow-up on the restoration of the early effort",
            about="Write the letter after the follow-up months: restored, or not, or some of each.",
            builder="decision:decision",
            rules=("early_effort_follow_up",),
            requires=(_EARLY_SHARES,),
            optional=(_EARLY_COUNTS,),
            facts=(*_COURSE, "restore_by"),
            tells=("reply_by", "next_follow_up", "next_letter", "contact"),
            encloses=("restoration-plan",),
        ),
        Kind(
            name="restoration-plan",
            da="Genopretningsplan (skabelon)",
            en="Restoration plan (template)",
            about="Write the plan's template, prefilled, for the municipality to fill in.",
            builder="restoration_plan:restoration_plan",
            rules=("early_effort_follow_up",),
            verdicts=("not_restored",),
            requires=(_EARLY_SHARES,),
            optional=(_EARLY_COUNTS,),
            facts=(*_COURSE, "reply_by", "next_follow_up"),
            enclosed_as=("docx", "pdf"),
        ),
        Kind(
            name="warning",
            da="Varsel om fokusmålene",
            en="Warning on the focus goals",
            about="Write the warning to a municipality at risk of intensified supervision.",
            builder="warning:warning",
            rules=("focus_conversations", "focus_offers", "result_goal"),
            verdicts=("at_risk",),
            requires=(Need(_FOCUS, ("share",)),),
            optional=(
                Need(_FOCUS, ("unmet",)),
                Need(("result_goal",), ("actual_share",)),
            ),
            tells=("reply_by", "contact"),
        ),
        Kind(
            name="note",
            da="Statusnotat",
            en="Status note",
            about="Write the status note: result goal, focus goals and early effort, read from figures.",
            builder="status_note:status_note",
            rules=("result_goal", "focus_conversations", "focus_offers", "early_effort"),
            # What it cannot do without stands with its figures, in status_note.toml.
            optional=(
                Need((*_FOCUS, *_EARLY), ("share", "unmet", "persons")),
                Need(("durations",), ("share",)),
                Need(("result_goal",), ("actual_share",)),
            ),
            facts=(),
            command="note",
        ),
    )
}
"""The kinds by name."""
