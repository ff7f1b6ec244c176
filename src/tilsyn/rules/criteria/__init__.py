"""The criteria a rule may hold figures against; each turns a matter into an outcome."""

from collections.abc import Callable

from tilsyn.rules.criteria import any_month, comparison, consecutive, mean
from tilsyn.rules.matter import Matter, Outcome

JUDGED: dict[str, Callable[[Matter], Outcome]] = {
    "consecutive": consecutive.judge,
    "mean": mean.judge,
    "comparison": comparison.judge,
}
"""Criteria that judge a municipality's latest figures; `any_month` answers a follow-up instead."""

__all__ = ["JUDGED", "any_month", "comparison", "consecutive", "mean"]
