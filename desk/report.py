"""Writes the page: read the night, render, put the file in its place in one step."""

import os
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from desk.page import page
from desk.reading import Night, read


def write_report(database: Path, target: Path) -> None:
    """Write one self-contained HTML file from a published database; the same database gives the same bytes.

    The file is written beside its place, synced and renamed, so a reader never sees half a page.
    Raises `NoPublishedFile` where there is no database.
    """
    content = render(read(database)).encode("utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.writing")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def render(night: Night) -> str:
    """Return the page as text. Every value passes autoescape; only our own style sheet is trusted."""
    environment = Environment(
        loader=PackageLoader("desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    css = Markup(files("desk").joinpath("page.css").read_text(encoding="utf-8"))
    return environment.get_template("report.html.j2").render(page=page(night), css=css)
