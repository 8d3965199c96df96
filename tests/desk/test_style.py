"""The style sheet: contrast of the palette as WCAG 2.2 measures it, and nothing that leaves the page."""

import re
from importlib.resources import files

import pytest

CSS = files("desk").joinpath("page.css").read_text(encoding="utf-8")
COLOUR = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", CSS))
TEXT = [
    *((ink, ground) for ink in ("ink", "quiet", "a", "b", "both") for ground in ("paper", "card", "zone")),
    ("good", "good-tint"),
    ("bad", "bad-tint"),
    ("still", "still-tint"),
    ("open", "open-tint"),
]
DRAWN = [
    (ink, ground)
    for ink in ("a", "b", "both", "signal", "good", "bad", "still", "open")
    for ground in ("paper", "zone")
]


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink, ground):
    dark, light = sorted((luminance(COLOUR[ink]), luminance(COLOUR[ground])))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_measures_21():
    COLOUR.update(black="#000000", white="#ffffff")
    assert contrast("black", "white") == pytest.approx(21)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_the_contrast_of_level_aa(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("ink", "ground"), DRAWN)
def test_lines_and_marks_stand_out_from_their_ground(ink, ground):
    assert contrast(ink, ground) >= 3


def test_every_colour_of_text_is_one_of_the_palette():
    assert not re.findall(r"(?<![\w-])color:\s*#", CSS)


def test_the_style_sheet_loads_nothing():
    assert not re.findall(r"url\(|@import|@font-face", CSS)
