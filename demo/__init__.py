"""A fictional portfolio for `quietpivot demo`: invented companies and people whose words follow a planted story.

The story (`story.toml`) sets how often, how fast and to whom things are said, month by month; the phrases stand in
`phrases/`, the companies and their people in `cast.toml`.
Nothing about results is written here: what the pages of the demo show was found by the model and the build.
"""

from demo.early import NEVER_READ
from demo.errors import DemoError, FolderInUse
from demo.program import write_demo

__all__ = ["NEVER_READ", "DemoError", "FolderInUse", "write_demo"]
