"""Turns the checker's errors into lines: which key, what was expected, what was found, what may be meant."""

from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError


def problems(error: ValidationError, root: type[BaseModel]) -> list[str]:
    """Return one line per fault; values are shown as far as they are settings (never file contents)."""
    return [_line(dict(fault), root) for fault in error.errors(include_url=False)]


def _line(fault: dict[str, Any], root: type[BaseModel]) -> str:
    key = _key(fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key{_meant(fault['loc'], root)}"
    if fault["type"] == "missing":
        return f"{key}: expected a value, found none; add the key"
    if fault["type"] == "value_error":
        return f"{key + ': ' if key else ''}{fault['ctx']['error']}"
    return f"{key}: expected {_expected(fault)}, found {fault['input']!r}"


def _key(location: tuple[int | str, ...]) -> str:
    """Write a location as a user counts: `alliances[2].stage` is the second `[[alliances]]`."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _expected(fault: dict[str, Any]) -> str:
    message = str(fault["msg"])
    for opening in ("Input should be ", "String should ", "Value should "):
        message = message.removeprefix(opening)
    return message


def _meant(location: tuple[int | str, ...], root: type[BaseModel]) -> str:
    known = _fields(location[:-1], root)
    close = get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known keys are {', '.join(known)}"


def _fields(location: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Return the keys that the table at `location` knows."""
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            model = _table(model.model_fields[part].annotation) or model
    return sorted(model.model_fields)


def _table(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((table for each in get_args(annotation) if (table := _table(each))), None)
