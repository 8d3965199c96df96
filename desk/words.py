"""The page's prose, read from `words.toml`; what is not written there is shown by its own name, made readable."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, dict[str, Any]]:
    """Return section -> name -> text, or its fields."""
    return tomllib.loads(files("desk").joinpath("words.toml").read_text(encoding="utf-8"))


def term(section: str, name: str) -> str:
    """Return the word for a name; a name that a newer warehouse brings is shown as `Its own name`."""
    found = words()[section].get(name)
    if isinstance(found, dict):
        found = found.get("title") or found.get("label")
    return str(found or readable(name))


def told(section: str, name: str, field: str, otherwise: str = "") -> str:
    """Return one field of an entry, or `otherwise`."""
    return str(words()[section].get(name, {}).get(field, otherwise))


def readable(name: str) -> str:
    """Return `Layer coverage` for `layer_coverage`."""
    return name.replace("_", " ").strip().capitalize()
