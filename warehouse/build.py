"""The way by which the night reaches the build until it takes it from the package."""

from warehouse.assembly import build

__all__ = ["build"]
