"""The one error of this room.

ConfigError    a settings file is missing, unreadable, or says something it must not
"""


class ConfigError(Exception):
    """Raised when `program.toml` cannot be used; the message names file, key, expected, found and what to do.

    `problems` holds one line per fault, so that a user mends them all in one go.
    """

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
