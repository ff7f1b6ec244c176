"""Supervision of the Danish municipalities' employment effort.

Registers become figures, figures become judgements, judgements become cases and letters. The rooms
``vocabulary``, ``figures`` and ``rules`` are a plain Python library; the command is ``tilsyn``.
"""

from importlib.metadata import version

__version__ = version("tilsyn")
