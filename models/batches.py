"""Texts to batches: tokenised once, cut into windows, sorted by length, packed by tokens.

Small batches of equal length stay in the processor's cache and waste nothing on padding.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

_HALF = re.compile("[\ud800-\udfff]")


def token_batches(lengths: Sequence[int], budget: int, order: Sequence[int] | None = None) -> Iterator[list[int]]:
    """Yield index lists whose padded size (longest × count) stays within `budget` tokens.

    `order` defaults to shortest first. A single item longer than the budget is a batch of its own.
    """
    batch: list[int] = []
    longest = 0
    for index in np.argsort(lengths, kind="stable") if order is None else order:
        longest = max(longest, lengths[index])
        if batch and longest * (len(batch) + 1) > budget:
            yield batch
            batch, longest = [], lengths[index]
        batch.append(int(index))
    if batch:
        yield batch


STEP = 8
"""Widths of batches that score are multiples of this."""


def even_batches(lengths: Sequence[int], budget: int) -> Iterator[tuple[list[int], int]]:
    """Yield (indices, width): items whose length rounds up to the same width, at most `budget` padded tokens.

    The width follows from an item's own length alone, so its result cannot depend on what shares its batch.
    """
    widths = [-(-length // STEP) * STEP for length in lengths]
    for width, group in groupby(sorted(range(len(lengths)), key=widths.__getitem__), key=widths.__getitem__):
        waiting = iter(group)
        while rows := list(islice(waiting, max(1, budget // width))):
            yield rows, width


def padded(sequences: Sequence[Sequence[int]], width: int | None = None) -> tuple[Ids, Ids]:
    """Return (ids, mask), both [count, width], padded with 0 on the right; the longest decides unless `width` does."""
    longest = width or max(len(sequence) for sequence in sequences)
    ids = np.zeros((len(sequences), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def tokenised(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """Return the word pieces of each text, special tokens left out."""
    whole = [_whole(text) for text in texts]
    return [encoding.ids for encoding in tokenizer.encode_batch(whole, add_special_tokens=False)]


def _whole(text: str) -> str:
    """Join halves of characters that belong together and replace the others, which the tokenizer refuses."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def framed(tokenizer: Any, pieces: Sequence[int]) -> list[int]:
    """Return the pieces between the encoder's opening and closing tokens."""
    return [tokenizer.token_to_id("[CLS]"), *pieces, tokenizer.token_to_id("[SEP]")]
