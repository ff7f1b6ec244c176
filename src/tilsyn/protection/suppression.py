"""Which rows are hidden, and how deep: the search, compiled.

It knows persons only as what they are counted by. A second table differs from the true one in a few
persons who stand elsewhere: in row r of municipality A one more has category q and one less p, in row s of
the same municipality the other way round, and in municipality B the opposite of both. Every sum over
rows and over areas stays as it is (`exchange`), so that nothing need be solved. Without s the rows over
all groups move too, without B the areas around A; what moves must be hidden.

Rows are chosen without a look at the counts hidden in them: only how deep blocks of rows must be hidden, and
the key, decide (`together`). So another table whose blocks ask for the same comes out the same, whoever runs
the program. Counts are looked at last, to prove that such a table exists.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_njit: Any = numba.njit(cache=True, nogil=True)

OPEN = 10**9
"""So many persons where a count is not in the table: one more or less is always possible."""
_NEVER = 1e18
WAYS = ((True, True), (True, False), (False, True), (False, False))


@_njit
def required(x, u, n, saved, depth_of, smallest, zeros):  # type: ignore[no-untyped-def]
    """How deep a row must be hidden for its own small counts.

    Args:
        x: persons by category; -1 where not in the table.
        u, n: unmet and population; -1 where not in the table.
        saved: persons with a number below who are not unmet; -1 where there is no such thing.
        depth_of: of each category, how deep the row must be hidden to hide it.
        smallest: the smallest count shown, persons.
        zeros: whether nought is hidden too.
    """
    least = 0 if zeros else 1
    if least <= n < smallest:
        return 3
    depth = 0
    for c in range(len(x)):
        if least <= x[c] < smallest and depth_of[c] > depth:
            depth = depth_of[c]
    if 0 < saved < smallest and depth < 1:
        depth = 1
    if least <= u < smallest:
        return 2
    return depth


@_njit
def together(need, places, rows):  # type: ignore[no-untyped-def]
    """How deep rows are to be hidden that ask as one: each as deep as the deepest of its block.

    A person who stands elsewhere in the block then changes nothing of what is asked, and a single small count
    does not say where in the block it is.

    Args:
        need: how deep each row must be hidden for its own sake, by measure, place and row.
        places, rows: the block of each place, and of each row.

    Returns:
        What is asked of each row, and what the other rows of its block ask.
    """
    asked, beside = need.copy(), np.zeros_like(need)
    for k in range(need.shape[0]):
        for a in range(len(places)):
            for other in range(len(places)):
                if places[a] != places[other]:
                    continue
                for i in range(len(rows)):
                    for j in range(len(rows)):
                        if rows[i] == rows[j] and (a != other or i != j):
                            beside[k, a, i] = max(beside[k, a, i], need[k, other, j])
    return np.maximum(asked, beside), beside


@_njit
def _nodes(anc, one, other, out, sign):  # type: ignore[no-untyped-def]
    """The places on two ways up that are not on both, with their signs; how many."""
    many = 0
    for i in range(anc.shape[1]):
        a = anc[one, i]
        if a < 0:
            continue
        common = False
        if other >= 0:
            for j in range(anc.shape[1]):
                if anc[other, j] == a:
                    common = True
        if not common:
            out[many], sign[many] = a, 1
            many += 1
    if other >= 0:
        for i in range(anc.shape[1]):
            a = anc[other, i]
            if a < 0:
                continue
            common = False
            for j in range(anc.shape[1]):
                if anc[one, j] == a:
                    common = True
            if not common:
                out[many], sign[many] = a, -1
                many += 1
    return many


@_njit
def _has(places, many, one):  # type: ignore[no-untyped-def]
    return (places[:many] == one).any()


@_njit
def _movable(k, a, r, t, n_types, away, allowed, cnt, population, within):  # type: ignore[no-untyped-def]
    """Whether a person of a leaf's type can go (or come)."""
    if not allowed[k, r, t]:
        return False
    if not away:
        return True
    if cnt[k, a, r, t] < 1:
        return False
    # A split's row with nobody is not there at all.
    return not (within[r] and population and 0 <= n_types < 2)


@_njit
def _same_depth(  # type: ignore[no-untyped-def]
    k, a, row, down, up, sign, X, U, N, saved, deepest, others, depth_of, smallest, zeros, cats
):
    """Whether a row can be hidden as deep as it is once a person has moved from a type to another.

    Asked strictly, with what the `others` of its block ask (-1: not strictly), whether the block asks as before.
    """
    x = X[k, a, row].copy()
    u, n, s = U[k, a, row], N[k, a, row], saved[k, a, row]
    for t, d in ((down, -sign), (up, sign)):
        if t < 0:
            continue
        c, below = t // 2, t % 2
        if c < cats and x[c] >= 0:
            x[c] += d
            if x[c] < 0:
                return False
        if u >= 0 and below:
            u += d
        if n >= 0:
            n += d
        if s >= 0 and not below and c == depth_of[k, row, cats] - 1:
            s += d
    if (U[k, a, row] >= 0 and u < 0) or (N[k, a, row] >= 0 and n < 0):
        return False
    deep = required(x, u, n, s, depth_of[k, row, :cats], smallest, zeros)
    return max(deep, others) == deepest if others >= 0 else deep <= deepest


@_njit
def _realised(  # type: ignore[no-untyped-def]
    level, k, A, B, r, s, nodes, nsign, nn, rows, rsign, nr, target, alike, depth, tables
):
    """Whether persons can stand elsewhere along an exchange so that a target moves.

    The target is a category (0 to `cats` - 1), the saved (`cats`), the unmet (`cats` + 1) or the
    population (`cats` + 2).
    """
    (
        exists,
        X,
        U,
        N,
        saved,
        cnt,
        allowed,
        leaf,
        _,
        depth_of,
        within,
        smallest,
        zeros,
        _,
        asked,
        beside,
    ) = tables
    cats = X.shape[3]
    types = 2 * (cats + 1)
    hit = False
    # Measures that do not move are none; those that move together each need persons of their own.
    for kk in range(X.shape[0]):
        if kk != k and (level < 3 or not leaf[kk, A, r]):
            continue
        found = False
        for p in range(types):
            for q in range(types if level < 3 else 2):
                if level < 3:
                    if p == q or (level == 1) != (p % 2 == q % 2):
                        continue
                    down, up, sign = p, q, 1
                else:
                    down, up, sign = -1, p, 1 - 2 * q
                if kk == k:
                    moves = False
                    if target < cats:
                        moves = (level == 3 and p // 2 == target) or (
                            level < 3 and (p // 2 == target) != (q // 2 == target)
                        )
                    elif target == cats:
                        where = 2 * (depth_of[k, r, cats] - 1)
                        moves = where >= 0 and (p == where or (level < 3 and q == where))
                    elif target == cats + 1:
                        moves = level == 2 or (level == 3 and p % 2 == 1)
                    else:
                        moves = level == 3
                    if not moves:
                        continue
                good = True
                for i in range(4):
                    a, row = (A if i < 2 else B), (r if i % 2 == 0 else s)
                    if a < 0 or row < 0 or not leaf[kk, a, row]:
                        continue
                    way = sign if i == 0 or i == 3 else -sign
                    n = N[kk, a, row]
                    goes, comes = (down, up) if way > 0 else (up, down)
                    if goes >= 0 and not _movable(
                        kk, a, row, goes, n, True, allowed, cnt, level == 3, within
                    ):
                        good = False
                    if comes >= 0 and not _movable(
                        kk, a, row, comes, n, False, allowed, cnt, level == 3, within
                    ):
                        good = False
                    if not good:
                        break
                if not good:
                    continue
                for i in range(nn):
                    for j in range(nr):
                        if good and exists[kk, nodes[i], rows[j]]:
                            most, others = (
                                asked[kk, nodes[i], rows[j]],
                                beside[kk, nodes[i], rows[j]],
                            )
                            if not alike:
                                most, others = max(depth[kk, nodes[i], rows[j]], level), -1
                            good = _same_depth(
                                kk, nodes[i], rows[j], down, up, sign * nsign[i] * rsign[j],
                                X, U, N, saved, most, others, depth_of, smallest, zeros, cats,
                            )  # fmt: skip
                    if not good:
                        break
                if good:
                    found = True
                    break
            if found:
                break
        if not found:
            return False
        hit = hit or kk == k
    return hit


@_njit
def _together(kk, A, B, r, s, leaf):  # type: ignore[no-untyped-def]
    """Whether an exchange can be made in another measure of the same persons too."""
    one = leaf[kk, A, r] and (s < 0 or leaf[kk, A, s])
    return one and (B < 0 or (leaf[kk, B, r] and (s < 0 or leaf[kk, B, s])))


@_njit
def _search(  # type: ignore[no-untyped-def]
    level, k, a0, row0, shunned, target, free_only, alike, depth, cost, fixed, shape, tables, out
):
    """The cheapest exchange through a row: what it costs; `out` is municipalities and rows.

    Args:
        level: 1 to 3, how deep the rows it moves must be hidden.
        shunned: the municipality whose own rows stay as they are, or -1.
        target: what must be seen to move, looking at counts; -1 to look at none.
        free_only: whether only exchanges count that hide nothing more.
        alike: whether every block it moves must ask for the same depth afterwards.
    """
    anc, carrier, up, insider = shape
    exists, leaf, covers = tables[0], tables[7], tables[13]
    places, rows_n = exists.shape[1], exists.shape[2]
    nodes = np.empty(2 * anc.shape[1], np.int64)
    nsign = np.empty(2 * anc.shape[1], np.int64)
    rows = np.empty(2 * up.shape[1], np.int64)
    rsign = np.empty(2 * up.shape[1], np.int64)
    best = _NEVER
    out[:] = -1
    for A in range(places):
        if not carrier[A] or (shunned >= 0 and insider[A] == shunned):
            continue
        under = False
        for i in range(anc.shape[1]):
            under = under or anc[A, i] == a0
        if not under:
            continue
        for B in range(-1, places):
            if B >= 0 and (not carrier[B] or B == A or (shunned >= 0 and insider[B] == shunned)):
                continue
            nn = _nodes(anc, A, B, nodes, nsign)
            if not _has(nodes, nn, a0):
                continue
            for r in range(rows_n):
                if not leaf[k, A, r] or (B >= 0 and not leaf[k, B, r]):
                    continue
                over = False
                for i in range(up.shape[1]):
                    over = over or up[r, i] == row0
                if not over:
                    continue
                for s in range(-1, rows_n):
                    if s == r or (s >= 0 and not leaf[k, A, s]):
                        continue
                    if s >= 0 and B >= 0 and not leaf[k, B, s]:
                        continue
                    nr = _nodes(up, r, s, rows, rsign)
                    if not _has(rows, nr, row0):
                        continue
                    total = 0.0
                    for kk in range(exists.shape[0]):
                        if kk != k and level < 3:
                            continue
                        if kk != k:
                            # Whoever is counted in both measures stands elsewhere in both.
                            if not covers[kk, r] and (s < 0 or not covers[kk, s]):
                                continue
                            if not _together(kk, A, B, r, s, leaf):
                                total = _NEVER
                                break
                        for i in range(nn):
                            for j in range(nr):
                                a, row = nodes[i], rows[j]
                                if not exists[kk, a, row]:
                                    continue
                                if fixed[kk, level - 1, a, row]:
                                    total = _NEVER
                                    break
                                for deep in range(depth[kk, a, row], level):
                                    total += cost[kk, deep, a, row]
                            if total >= best or (free_only and total > 0):
                                break
                        if total >= best or (free_only and total > 0):
                            break
                    if total >= best or (free_only and total > 0):
                        continue
                    if target >= 0 and not _realised(
                        level,
                        k,
                        A,
                        B,
                        r,
                        s,
                        nodes,
                        nsign,
                        nn,
                        rows,
                        rsign,
                        nr,
                        target,
                        alike,
                        depth,
                        tables,
                    ):
                        continue
                    best = total
                    out[0], out[1], out[2], out[3] = A, B, r, s
                    if best == 0.0:
                        return best
    return best


@_njit
def _hide(level, k, found, depth, shape, tables):  # type: ignore[no-untyped-def]
    """Hide what an exchange moves."""
    anc, _, up, _ = shape
    exists, leaf = tables[0], tables[7]
    nodes = np.empty(2 * anc.shape[1], np.int64)
    rows = np.empty(2 * up.shape[1], np.int64)
    sign = np.empty(2 * max(anc.shape[1], up.shape[1]), np.int64)
    nn = _nodes(anc, found[0], found[1], nodes, sign)
    nr = _nodes(up, found[2], found[3], rows, sign)
    for kk in range(exists.shape[0]):
        if kk != k and (level < 3 or not leaf[kk, found[0], found[2]]):
            continue
        for i in range(nn):
            for j in range(nr):
                if exists[kk, nodes[i], rows[j]]:
                    depth[kk, nodes[i], rows[j]] = max(depth[kk, nodes[i], rows[j]], level)


@_njit
def _for_all(level, k, a, row, target, free_only, alike, depth, cost, fixed, shape, tables):  # type: ignore[no-untyped-def]
    """Make one exchange through a row for the public, and for each municipality one that leaves its own alone.

    Returns:
        0 where that worked, 1 where it did not for some municipality, 2 where it did not for anybody.
    """
    insider = shape[3]
    out = np.empty(4, np.int64)
    if (
        _search(
            level, k, a, row, -1, target, free_only, alike, depth, cost, fixed, shape, tables, out
        )
        >= _NEVER
    ):
        return 2
    _hide(level, k, out, depth, shape, tables)
    first = out.copy()
    for i in range(2):
        if (
            first[i] < 0
            or first[i] == a
            or insider[first[i]] < 0
            or insider[first[i]] == insider[a]
        ):
            continue
        cheapest = _search(
            level, k, a, row, insider[first[i]], target, free_only, alike, depth, cost, fixed, shape, tables, out
        )  # fmt: skip
        if cheapest >= _NEVER:
            return 1
        _hide(level, k, out, depth, shape, tables)
    return 0


@_njit
def blind(start, decoy, order, cost, fixed, shape, tables):  # type: ignore[no-untyped-def]
    """How deep each row is hidden before a count is looked at.

    Args:
        start: how deep others saw it hidden before.
        decoy: how deep chance has it hidden.
        order: rows in the order in which they are served, (measure, place, row).
        cost: what hiding a row one level deeper costs, by measure, level, place and row.
        fixed: rows that cannot move at a level, because a count of them is known.
        shape: the ways up: of places, which of them carry persons, of rows, and whose places are.
        tables: what is counted.

    Returns:
        Depths by measure, place and row: 1 hides the persons by number, 2 the unmet and the share too, 3
        the population as well. What asks for a depth and what chance has hidden is served alike.
    """
    if tables[14].max() == 0:
        return start.copy()
    asked = np.maximum(np.maximum(tables[14], decoy), start)
    depth = asked.copy()
    for level in range(3, 0, -1):
        for i in range(len(order)):
            k, a, row = order[i]
            if asked[k, a, row] >= level:
                _for_all(level, k, a, row, -1, False, True, depth, cost, fixed, shape, tables)
    return depth


@_njit
def proved(depth, order, cost, fixed, shape, tables):  # type: ignore[no-untyped-def]
    """Prove every small count open to everybody it is kept from; hide more where that takes it.

    Args:
        depth: as `blind`; changed in place.

    Returns:
        How many small counts could be kept from nobody, and how many only from some.
    """
    X, U, N, saved = tables[1], tables[2], tables[3], tables[4]
    need, depth_of, smallest, zeros = tables[8], tables[9], tables[11], tables[12]
    cats = X.shape[3]
    lost = np.zeros(2, np.int64)
    least = 0 if zeros else 1
    for i in range(len(order)):
        k, a, row = order[i]
        if need[k, a, row] == 0:
            continue
        for target in range(cats + 3):
            if target < cats:
                count, first = X[k, a, row, target], depth_of[k, row, target]
            elif target == cats:
                count, first = saved[k, a, row], 1
                if count == 0:
                    continue
            elif target == cats + 1:
                count, first = U[k, a, row], 2
            else:
                count, first = N[k, a, row], 3
            if not least <= count < smallest:
                continue
            worst = 2
            for way in range(4):
                free_only, alike = WAYS[way]
                for level in range(first, 4):
                    if worst == 0 or (free_only and depth[k, a, row] < level):
                        continue
                    told = _for_all(
                        level,
                        k,
                        a,
                        row,
                        target,
                        free_only,
                        alike,
                        depth,
                        cost,
                        fixed,
                        shape,
                        tables,
                    )
                    worst = min(worst, told)
            if worst > 0:
                lost[2 - worst] += 1
    return lost


@_njit
def opened(asked, depth, cost, fixed, shape, tables):  # type: ignore[no-untyped-def]
    """Which counts, (measure, place, row, target), are open to everybody: 0; to some: 1; not seen to be: 2."""
    shut = np.full(len(asked), 2, np.int64)
    for one in range(len(asked)):
        k, a, row, target = asked[one]
        for level in range(1, depth[k, a, row] + 1):
            if shut[one] > 0:
                told = _for_all(
                    level, k, a, row, target, True, False, depth, cost, fixed, shape, tables
                )
                shut[one] = min(shut[one], told)
    return shut
