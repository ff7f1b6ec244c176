"""Rules: dated rule files and the judge that holds figures against them."""

from tilsyn.rules.catalogue import Catalogue, read_rule, shipped, with_own
from tilsyn.rules.finding import Finding
from tilsyn.rules.judgement import follow_up, judge

__all__ = ["Catalogue", "Finding", "follow_up", "judge", "read_rule", "shipped", "with_own"]
