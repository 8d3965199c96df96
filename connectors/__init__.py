"""Exports in, messages out; consent, people and cleaning beside them. No network, no model, no database."""

from connectors.clean import Dropped, OwnText, own_text
from connectors.consent import PURPOSE, ConsentEvent, ConsentInterval, ConsentRegister
from connectors.errors import BadConsent, BadRegister, BadRoster, BadSurvey, ConnectorError, UnknownFormat
from connectors.inspect import inspect
from connectors.language import language
from connectors.message import Identity, Medium, Message, Skipped, message_id
from connectors.pseudonym import identity_keys, pseudonym
from connectors.register import LogEntry, read_registers
from connectors.roster import Affiliation, PartnerKeys, Roster
from connectors.scorecard import (
    CAUSE_COLUMNS,
    PERSPECTIVES,
    SCORECARD_COLUMNS,
    CauseEntry,
    ScorecardEntry,
    read_causes,
    read_scorecard,
)
from connectors.source import Source, detect, exports, files_of, read
from connectors.survey import SurveyMapping, SurveyScore, read_survey
from connectors.thread import Threads

__all__ = [
    "CAUSE_COLUMNS",
    "PERSPECTIVES",
    "PURPOSE",
    "SCORECARD_COLUMNS",
    "Affiliation",
    "BadConsent",
    "BadRegister",
    "BadRoster",
    "BadSurvey",
    "CauseEntry",
    "ConnectorError",
    "ConsentEvent",
    "ConsentInterval",
    "ConsentRegister",
    "Dropped",
    "Identity",
    "LogEntry",
    "Medium",
    "Message",
    "OwnText",
    "PartnerKeys",
    "Roster",
    "ScorecardEntry",
    "Skipped",
    "Source",
    "SurveyMapping",
    "SurveyScore",
    "Threads",
    "UnknownFormat",
    "detect",
    "exports",
    "files_of",
    "identity_keys",
    "inspect",
    "language",
    "message_id",
    "own_text",
    "pseudonym",
    "read",
    "read_causes",
    "read_registers",
    "read_scorecard",
    "read_survey",
]
