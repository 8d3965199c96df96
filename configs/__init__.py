"""Settings as data: a program folder's `program.toml`, typed and checked before anything else happens."""

from configs.errors import ConfigError
from configs.program import (
    Alliance,
    Export,
    Partner,
    Privacy,
    Program,
    Survey,
    load_program,
    parse_program,
)

__all__ = [
    "Alliance",
    "ConfigError",
    "Export",
    "Partner",
    "Privacy",
    "Program",
    "Survey",
    "load_program",
    "parse_program",
]
