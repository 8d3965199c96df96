"""Texts in, Signals out: no mail, no people, no database. Importing this loads no weights and no framework."""

from models.errors import BadRecord, ModelError, ModelRefused
from models.scorer import load, metrics_of, version_of
from models.signals import HEADS, Scorer, Signals

__all__ = [
    "HEADS",
    "BadRecord",
    "ModelError",
    "ModelRefused",
    "Scorer",
    "Signals",
    "load",
    "metrics_of",
    "version_of",
]
