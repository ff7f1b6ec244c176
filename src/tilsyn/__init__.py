"""Supervision of the Danish municipalities' employment effort.

Registers become figures, figures become judgements, judgements become cases and letters. The rooms
``vocabulary``, ``figures`` and ``rules`` are a plain Python library; the command is ``tilsyn``.
"""


def __getattr__(name: str) -> str:
    """The version, which takes a while to look up."""
    if name != "__version__":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from importlib.metadata import version

    return version("tilsyn")
