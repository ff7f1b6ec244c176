"""How the value of a hidden cell follows, in words: one equation where one is enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tilsyn.protection.matrix import Whole
from tilsyn.protection.relations import REST, Cell, Relation
from tilsyn.protection.system import System
from tilsyn.vocabulary import MEASURES, ROWS, VISITATION, area_name
from tilsyn.vocabulary.wording import joined, number, percent

_NAMES = {
    "population": ("summen af personer fordelt på antal", "the sum of persons by number"),
    "number": ("antallet uden den krævede indsats", "the number without the effort required"),
    "range": ("de sidste numre lagt sammen", "the last numbers together"),
    "limit": ("målgruppens størrelse", "the size of the population"),
    "total": ("i alt-rækken", "the row over all groups"),
    "visitation": ("opdelingen på visitation", "the split by visitation"),
    "area": ("summen over kommunerne", "the sum over the municipalities"),
    "same": ("den anden indsats for de samme personer", "the other effort for the same persons"),
    "share": ("den trykte andel", "the printed share"),
    "empty_share": ("andelen vist som “.”", "the share shown as “.”"),
}


def in_words(kinds: Mapping[str, int], language: str) -> str:
    """Kinds of relations, each with how many there are of it."""
    named = (
        f"{_NAMES[kind][language != 'da']} ({number(many, language)})"
        for kind, many in sorted(kinds.items())
    )
    return joined(named, language)


class Derivations:
    """Derivations of the counts known exactly, each from counts derived before it.

    Args:
        system: everything published.
        low, high: the tightest bounds.
    """

    def __init__(self, system: System, low: Whole, high: Whole) -> None:
        self.system, self.value = system, low
        self._exact = (low == high).tolist()
        self._known = (system.low == system.high).tolist()
        self._printed = list(self._known)
        self._by: dict[int, Relation] = {}
        self._touching: dict[int, list[Relation]] = defaultdict(list)
        for relation in system.relations:
            for _, column in relation.terms:
                if self._exact[column] and not self._known[column]:
                    self._touching[column].append(relation)
        self._derive()

    def _derive(self) -> None:
        """Round by round, every count that one relation gives from those known before."""
        open_ = sorted(self._touching)
        while open_:
            found = {i: by for i in open_ if (by := self._one(i)) is not None}
            if not found:
                # Several relations together; take one count as given and go on from there.
                found = {
                    i: by
                    for i in open_
                    for by in self._touching[i]
                    if by.kind == "share" and all(self._exact[c] for _, c in by.terms)
                }
                if not found:
                    self._known[open_[0]] = True
                    open_ = open_[1:]
                    continue
            for i, by in found.items():
                self._known[i], self._by[i] = True, by
            open_ = [i for i in open_ if i not in found]

    def _one(self, i: int) -> Relation | None:
        """The shortest relation that alone gives a count from those known."""
        giving = [one for one in self._touching[i] if self._gives(one, i)]
        return min(giving, key=lambda one: len(one.terms), default=None)

    def _gives(self, relation: Relation, i: int) -> bool:
        if relation.kind == "empty_share":
            return True
        unknown = [column for _, column in relation.terms if not self._known[column]]
        if relation.kind == "share":
            return unknown == [i]
        if unknown == [i]:
            return relation.equation
        # The known parts fill the whole: nobody is left for the others.
        return (
            relation.whole not in unknown
            and not any(
                a * int(self.value[column])
                for a, column in relation.terms
                if not self._known[column]
            )
            and not sum(a * int(self.value[column]) for a, column in relation.terms)
        )

    def of(self, i: int) -> dict[str, str]:
        """Why a count is what it is, by language."""
        if self._printed[i]:
            return {"da": "trykt i en anden udgivelse", "en": "printed in another release"}
        by = self._by.get(i)
        if by is not None:
            return {language: self._sentence(by, i, language) for language in ("da", "en")}
        kinds = list(dict.fromkeys(one.kind for one in self._touching[i]))
        da = joined((_NAMES[kind][0] for kind in kinds), "da")
        en = joined((_NAMES[kind][1] for kind in kinds), "en")
        return {"da": f"følger af {da} tilsammen", "en": f"follows from {en} together"}

    def _sentence(self, relation: Relation, i: int, language: str) -> str:
        value = self.value
        if relation.kind == "share":
            assert relation.share is not None
            unmet, population = (int(value[column]) for _, column in relation.terms)
            of = "af" if language == "da" else "of"
            return (
                f"{percent(relation.share, language)} = {unmet} {of} {number(population, language)}"
            )
        if relation.kind == "empty_share":
            return "“.” = 0"
        if relation.kind == "same":
            (other,) = (column for _, column in relation.terms if column != i)
            name = MEASURES[self.system.cells[other][0]].name(language)
            said = "samme personer som" if language == "da" else "the same persons as"
            return f"{said} {name}: {number(int(value[other]), language)}"
        parts = [column for _, column in relation.terms if column not in (relation.whole, i)]
        shown = [number(int(value[part]), language) for part in parts if value[part]]
        if i == relation.whole:
            text = f"{' + '.join(shown) or '0'} = {number(int(value[i]), language)}"
        else:
            whole = number(int(value[relation.whole]), language)
            text = f"{' − '.join([whole, *shown])} = {number(int(value[i]), language)}"
        inferred = [
            self._name(self.system.cells[column], self.system.cells[i], language)
            for _, column in relation.terms
            if column != i
            and (value[column] or column == relation.whole)
            and not self._printed[column]
        ]
        if not inferred:
            return text
        names = joined(inferred, language)
        if language == "da":
            return f"{text} (efter at {names} er fundet)"
        return f"{text} (once {names} {'is' if len(inferred) == 1 else 'are'} found)"

    @staticmethod
    def _name(cell: Cell, beside: Cell, language: str) -> str:
        """A count in few words: only what sets it apart from the one it stands beside."""
        measure, statistic, kind, area, grp, visitation, category, _ = cell
        number_of = {
            "population": ("målgruppen", "the population"),
            "unmet": ("antallet uden", "the number without"),
            "persons": (
                f"{category} {MEASURES[measure].events('da')}",
                f"{category} {MEASURES[measure].events('en')}",
            ),
        }[statistic][language != "da"]
        words = (
            area_name(kind, area, language) if (kind, area) != beside[2:4] else "",
            ROWS[grp].name(language).lower() if grp != beside[4] else "",
            _visitation(visitation, language) if visitation != beside[5] else "",
            number_of if (statistic, category) != (beside[1], beside[6]) else "",
        )
        return " ".join(filter(None, words)) or number_of


def _visitation(code: str, language: str) -> str:
    if code == REST:
        return "uden for opdelingen" if language == "da" else "not in the split"
    return VISITATION[code].name(language).lower() if code else ""
