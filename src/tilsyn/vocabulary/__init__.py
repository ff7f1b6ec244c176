"""The field's words: months, benefit groups, municipalities and areas, measures, and their phrasing.

Pure: no files but its own data, no other room.
"""

from tilsyn.vocabulary.areas import (
    AREA_KINDS,
    AREAS,
    COUNTRY,
    MUNICIPALITIES,
    Municipality,
    area_name,
)
from tilsyn.vocabulary.groups import GROUPS, ROWS, TOTAL, VISITATION, BenefitGroup
from tilsyn.vocabulary.measures import (
    COUNT_OF_SHARE,
    MEASURES,
    PARTS,
    STATISTIC_NAMES,
    STATISTICS,
    Measure,
)
from tilsyn.vocabulary.months import MonthRange, YearMonth, add_months, parse_published
from tilsyn.vocabulary.ranges import categories_across, category_of, ranges

__all__ = [
    "AREAS",
    "AREA_KINDS",
    "COUNTRY",
    "COUNT_OF_SHARE",
    "GROUPS",
    "MEASURES",
    "MUNICIPALITIES",
    "PARTS",
    "ROWS",
    "STATISTICS",
    "STATISTIC_NAMES",
    "TOTAL",
    "VISITATION",
    "BenefitGroup",
    "Measure",
    "MonthRange",
    "Municipality",
    "YearMonth",
    "add_months",
    "area_name",
    "categories_across",
    "category_of",
    "parse_published",
    "ranges",
]
