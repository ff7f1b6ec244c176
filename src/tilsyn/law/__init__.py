"""The law as data: vocabulary, measures, rules and courses; what a lawyer reads. Each fact once."""

from importlib.resources import files
from importlib.resources.abc import Traversable

FOLDER: Traversable = files(__name__)
"""What is shipped: ``vocabulary``, ``measures``, ``rules``, ``courses``."""
