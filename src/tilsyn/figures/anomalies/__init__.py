"""What is odd in published figures: reported beside the figure, never mended in silence."""

from tilsyn.figures.anomalies.inspection import find
from tilsyn.figures.anomalies.model import Anomaly

__all__ = ["Anomaly", "find"]
