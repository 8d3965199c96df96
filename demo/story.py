"""The planted story, read from `story.toml`: rates, chances and delays month by month."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def story() -> dict[str, Any]:
    """Return alliance -> name -> 14 monthly values, and "survey" -> alliance -> dimension -> side -> 14 levels."""
    return tomllib.loads(files("demo").joinpath("story.toml").read_text(encoding="utf-8"))


def rates(alliance: str) -> dict[str, Sequence[float]]:
    """Return name -> 14 monthly values of an alliance whose messages are told."""
    found: dict[str, Sequence[float]] = story()[alliance]
    return found


def level(alliance: str, dimension: str, side: str, month: int) -> float:
    """Return what the answers of a side are drawn around, on the scale of the dimension."""
    told = story()["survey"][alliance]
    return float(told.get(dimension, told["other"])[side][month])
