"""How an option's text becomes a value; typer names the option when it does not."""

from __future__ import annotations

import typer

from tilsyn.vocabulary import YearMonth


def read_month(text: str) -> YearMonth:
    """A month, written as `YearMonth.parse` reads it.

    Raises:
        BadParameter: the text is no month.
    """
    try:
        return YearMonth.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
