"""Run with OWN set: what the engine measures by lists of one's own, and the reference.

Usage: own_lists.py FOLDER SEED. Writes the register, its store and the release into the
folder, and ends with exit code 1 where the figures are not the reference's.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from tests.measures import reference
from tilsyn.vocabulary import GROUPS, VISITATION

# Before the generator of registers looks at them.
reference.GROUPS = GROUPS.codes
reference.VISITATIONS = VISITATION.codes
reference.OWN = {"conversations_3m": (3, 2)}
reference.CATEGORIES["conversations_3m"] = ("0", "1", "2", "3+")


def main(folder: Path, seed: int) -> int:
    from tests.measures import registers
    from tests.measures.handwritten import register
    from tests.measures.register_files import write_csv
    from tests.measures.test_agreement_figures import (
        PUBLISHED,
        crowd,
        differences,
        expected,
        found,
        months_of,
    )
    from tilsyn.figures import release
    from tilsyn.measures import definitions, measurement
    from tilsyn.register.door import admit
    from tilsyn.register.store import load

    registers.FAMILIES = (*registers.FAMILIES, ("fleksydelse",), ("fleksydelse", *GROUPS.codes))
    scene = crowd(seed)
    start = reference.add_months(scene.first, -3) + 9 * reference.DAY
    more = [
        f"spell P{n} {municipality} fleksydelse {visitation} {start} .."
        for n, municipality in enumerate(("101", "101", "101", "851", "851"))
        for visitation in (("-", "fjern", "uoplyst", "jobparat", "fjern")[n],)
    ]
    told = register(*more, f"conversation P0 4 {start}", f"conversation P0 7 {scene.first}")
    scene = replace(scene, register=registers.together([scene.register, told]))
    admit(write_csv(scene.register, folder / "csv"), folder / "rows", persons="pseudonyms")
    store = load(folder / "rows", folder / "store")
    plan = measurement.plan_of(store, definitions.load(), months_of(scene), scene.known_on)
    counts = measurement.measure(store, plan)
    measurement.write(counts, store, folder / "release", published=PUBLISHED)
    theirs = expected(scene)
    ours = found(release.read(folder / "release").figures)
    groups = {cell[4] for cell, (value, _) in theirs.items() if value}
    wrong = differences(ours, theirs)
    sys.stdout.write(f"{len(theirs)} cells of {groups}\n" + "\n".join(map(str, wrong[:5])))
    return bool(wrong) or "fleksydelse" not in groups


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
