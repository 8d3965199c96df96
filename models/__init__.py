"""Texts in, Signals out: no mail, no people, no database."""

from models.errors import BadRecord, ModelError, ModelRefused
from models.signals import HEADS, Scorer, Signals

__all__ = ["HEADS", "BadRecord", "ModelError", "ModelRefused", "Scorer", "Signals"]
