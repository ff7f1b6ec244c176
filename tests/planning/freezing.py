"""A register as it is known on a day, said over again row by row: what the situation is held to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.measures.reference import Register, last_day


def frozen(register: Register, on: dt.date) -> Register:
    """What is known on the evening of a day; what ended later goes on."""

    def going_on(row):
        return replace(row, end=None) if row.end is not None and row.end > on else row

    return replace(
        register,
        spells=tuple(going_on(s) for s in register.spells if s.start <= on),
        conversations=tuple(
            c
            for c in register.conversations
            if c.held <= on and (c.registered is None or c.registered <= on)
        ),
        offers=tuple(
            going_on(o)
            for o in register.offers
            if o.start <= on and (o.registered is None or o.registered <= on)
        ),
        hours=tuple(h for h in register.hours if last_day(h.month) <= on),
        exemptions=tuple(going_on(e) for e in register.exemptions if e.start <= on),
    )
