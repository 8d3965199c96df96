"""What can go wrong in this room. Messages name files, lines and columns, never a text, name or address.

ConnectorError
├── UnknownFormat   no reader recognises the export
├── BadRoster       people.csv contradicts itself or lacks columns
├── BadConsent      consent.csv is broken, or an event is not allowed
├── BadRegister     a register lacks columns or holds an impossible date
└── BadSurvey       a survey file does not have the columns that the program names
"""


class ConnectorError(Exception):
    """Root of this room's errors."""


class UnknownFormat(ConnectorError):
    """Raised when an export is of no known format, empty, or unreadable as a whole."""


class BadRoster(ConnectorError):
    """Raised when people.csv cannot be used."""


class BadConsent(ConnectorError):
    """Raised when the consent register is broken or an event must not be recorded."""


class BadRegister(ConnectorError):
    """Raised when a register of pivots, commitments or milestones cannot be used."""


class BadSurvey(ConnectorError):
    """Raised when a survey file cannot be used at all; single bad cells are skipped and counted instead."""
