"""Synthetic registers of a realistic Denmark, drawn from a seed."""

from tilsyn.register.synthetic.make import Made, make

__all__ = ["Made", "make"]
