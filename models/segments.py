"""Long texts in pieces that fit the encoder, cut between sentences."""

import re
from collections.abc import Sequence
from typing import Any

from models.batches import tokenised
from models.encoder import MAX_TOKENS

ROOM = MAX_TOKENS - 2
MAX_CHARACTERS = 40_000
"""Characters of one message that are scored; nobody writes more to a partner, machines do."""

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…:])\s+|\n\s*\n")
"""Where a text may be cut. spaCy's rules would do it too, but loading spaCy loads torch as well: three seconds in
every worker, for a cut that only has to be sensible."""


def segments(tokenizer: Any, texts: Sequence[str]) -> list[list[list[int]]]:
    """Return for each text its segments of at most 254 word pieces; an empty text has one empty segment."""
    whole = tokenised(tokenizer, [text[:MAX_CHARACTERS] for text in texts])
    return [
        [pieces] if len(pieces) <= ROOM else _packed(tokenizer, text[:MAX_CHARACTERS])
        for text, pieces in zip(texts, whole, strict=True)
    ]


def _packed(tokenizer: Any, text: str) -> list[list[int]]:
    """Pack whole sentences up to the room; a sentence that is longer is cut."""
    found: list[list[int]] = [[]]
    for sentence in tokenised(tokenizer, _BETWEEN_SENTENCES.split(text)):
        for start in range(0, len(sentence), ROOM):
            piece = sentence[start : start + ROOM]
            if len(found[-1]) + len(piece) > ROOM:
                found.append([])
            found[-1].extend(piece)
    return found
