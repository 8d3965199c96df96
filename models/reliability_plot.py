"""The reliability plot of a model card: one small square a signal."""

from collections.abc import Mapping, Sequence

Bins = Sequence[Sequence[float]]
"""[confidence, share right, messages] of each bin, shares 0 to 1."""

SIDE, GAP, TOP = 110, 26, 34


def reliability_plot(found: Mapping[str, Bins]) -> str:
    """Return an SVG: confidence to the right, share right upwards, the diagonal is perfect, areas are messages."""
    width, height = len(found) * (SIDE + GAP) + GAP, SIDE + TOP + 40
    panels = (_panel(GAP + place * (SIDE + GAP), head, bins) for place, (head, bins) in enumerate(found.items()))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'font-family="sans-serif" font-size="11" role="img">',
            "<title>Share right by confidence, for each signal</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *panels,
            f'<text x="{GAP}" y="{height - 6}" fill="#555555">To the right: confidence, 0 to 1. '
            "Upwards: share right, 0 to 1. On the line the model is as often right as it says.</text>",
            "</svg>\n",
        ]
    )


def _panel(left: int, head: str, bins: Bins) -> str:
    most = max((count for _, _, count in bins), default=1)
    right, bottom = left + SIDE, TOP + SIDE
    return "\n".join(
        [
            f'<text x="{left}" y="{TOP - 10}" fill="#222222">{head}</text>',
            f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#bbbbbb"/>',
            f'<line x1="{left}" y1="{bottom}" x2="{right}" y2="{TOP}" stroke="#bbbbbb" stroke-dasharray="3 3"/>',
            *(_dot(left, each, most) for each in bins),
        ]
    )


def _dot(left: int, each: Sequence[float], most: float) -> str:
    sure, right, count = each
    x, y, radius = left + sure * SIDE, TOP + (1 - right) * SIDE, 1.5 + 5 * (count / most) ** 0.5
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#1f6f8b" fill-opacity="0.75">'
        f"<title>{sure:.2f} sure, {right:.2f} right, {count:.0f} messages</title></circle>"
    )
