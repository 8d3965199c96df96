"""Worlds with known truth, run through the same build as a real night: what can the numbers be trusted for?"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.study import Study, simulate, summary

__all__ = ["Study", "simulate", "summary"]


def __getattr__(name: str) -> Any:
    """Load the study when it is asked for, so that the command starts fast."""
    if name not in __all__:
        raise AttributeError(f"module 'simulation' has no attribute {name!r}")
    from simulation import study

    return getattr(study, name)
