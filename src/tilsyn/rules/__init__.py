"""Rules: dated rule files and the judge that holds figures against them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tilsyn.rules.catalogue import Catalogue, at_hand, read_rule, shipped, with_own

if TYPE_CHECKING:
    from tilsyn.rules.finding import Finding
    from tilsyn.rules.judgement import asked_about, follow_up, judge

__all__ = [
    "Catalogue",
    "Finding",
    "asked_about",
    "at_hand",
    "follow_up",
    "judge",
    "read_rule",
    "shipped",
    "with_own",
]

_JUDGING = {
    "Finding": "finding",
    "asked_about": "judgement",
    "follow_up": "judgement",
    "judge": "judgement",
}


def __getattr__(name: str) -> Any:
    """Judging takes a library of tables, which who only reads the rules need not wait for."""
    if name not in _JUDGING:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_JUDGING[name]}"), name)
