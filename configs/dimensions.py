"""The survey dimensions, the components of the Relationship Velocity Index, and which signals inform what."""

from typing import Literal

FRAMEWORKS: dict[str, tuple[str, ...]] = {
    "tvl": ("trust", "value", "learning"),
    "communication": ("frequency", "transparency", "responsiveness"),
    "governance": ("decision_speed", "role_clarity", "conflict_resolution"),
    "alignment": ("strategic_priorities", "resource_commitments", "incentive_structures"),
    "overall": ("overall",),
}
"""Survey framework -> its dimensions; communication, governance and alignment together are CGA."""

DIMENSIONS: tuple[str, ...] = tuple(dimension for group in FRAMEWORKS.values() for dimension in group)

Component = Literal["unsolicited", "ties", "coinvest", "escalation"]

COMPONENTS: tuple[Component, ...] = ("unsolicited", "ties", "coinvest", "escalation")
"""Components of the Relationship Velocity Index."""

DEFAULT_INFORMS: dict[str, tuple[str, ...]] = {
    "trust": ("transparency", "tone", "ties"),
    "value": ("coinvest", "escalation"),
    "learning": ("unsolicited", "depth_substantive"),
    "frequency": ("frequency_change",),
    "transparency": ("transparency", "evaded"),
    "responsiveness": ("answer_within_day",),
    "strategic_priorities": ("escalation",),
    "resource_commitments": ("coinvest",),
    "overall": ("depth_index", "transparency"),
}
"""Survey dimension -> signal indicators that inform it. Decision speed, role clarity, conflict resolution and
incentive structures have no signal in text that is defensible, so they stay survey only."""
