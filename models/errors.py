"""What can go wrong in this room.

ModelError
├── ModelRefused    a model folder is incomplete, unpinned, altered, or not safetensors
├── BadRecord       a line of labelled or unlabelled JSONL cannot be used
└── BadRecipe       a training configuration cannot be used
"""


class ModelError(Exception):
    """Root of this room's errors; messages name files, lines and keys, never a text."""


class ModelRefused(ModelError):
    """Raised when a model folder cannot be trusted: wrong hash, missing file, pickled weights."""


class BadRecord(ModelError):
    """Raised when a JSONL line is not what was expected; names the line and the key."""


class BadRecipe(ModelError):
    """Raised when a training configuration is not what was expected; names the file and the key."""
