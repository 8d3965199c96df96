"""What single word pieces and neighbouring pairs say by themselves: the part of a model that reads no context.

A fine-tuned encoder forgets exact wordings that a simple model keeps, and the two err on different texts. So a
logistic regression a head over hashed pieces and pairs adds its log-odds to the encoder's logits, as the wide part of
a wide-and-deep model does (Cheng et al. 2016, section 3). Hashing keeps no vocabulary: no word can be read back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.batches import framed, tokenised
from models.calibration import Floats
from models.corpus import Example
from models.encoder import load_tokenizer
from models.signals import HEADS

BUCKETS = 1 << 15
SHARE = 0.6
"""How much of these log-odds is added to the encoder's logits."""

SIZE = sum(map(len, HEADS.values()))


def counted(pieces: Sequence[int]) -> tuple[NDArray[np.int64], Floats]:
    """Return (buckets, 1 + ln(count)) of the pieces and pairs of a framed text, each bucket once."""
    ids = np.asarray(pieces, dtype=np.uint64)
    pairs = ids[:-1] * np.uint64(0x9E3779B97F4A7C15) + ids[1:]
    mixed = np.concatenate([ids[1:-1], pairs]) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    buckets, counts = np.unique(mixed * np.uint64(0x94D049BB133111EB) >> np.uint64(49), return_counts=True)
    return buckets.astype(np.int64), 1 + np.log(counts)


@dataclass(frozen=True, slots=True)
class Phrases:
    """`weight` [buckets, values of all heads], `bias` [values], `rarity` [buckets]: ln of how few texts have it."""

    weight: Floats = field(repr=False)
    bias: Floats = field(repr=False)
    rarity: Floats = field(repr=False)

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "Phrases":
        """Return the part of a model's arrays that starts with `phrases.`; a model without it says nothing here."""
        if "phrases.weight" not in arrays:
            return cls(np.zeros((BUCKETS, SIZE)), np.zeros(SIZE), np.zeros(BUCKETS))
        return cls(*(arrays[f"phrases.{name}"].astype(np.float64) for name in ("weight", "bias", "rarity")))

    def logits(self, sequences: Sequence[Sequence[int]]) -> Floats:
        """Return what is added to the encoder's logits, [texts, values of all heads], of framed word pieces."""
        found = np.zeros((len(sequences), SIZE))
        for row, pieces in enumerate(sequences):
            buckets, values = counted(pieces)
            values = values * self.rarity[buckets]
            found[row] = values / max(float(np.linalg.norm(values)), 1e-9) @ self.weight[buckets] + self.bias
        return SHARE * found


def fit_phrases(examples: Sequence[Example]) -> dict[str, NDArray[np.float16]]:
    """Return the arrays of a Phrases fitted to examples; rare values are weighted up, as everywhere in the training."""
    from scipy.sparse import csr_matrix, diags
    from sklearn.preprocessing import normalize

    tokenizer = load_tokenizer()
    found = [counted(framed(tokenizer, ids)) for ids in tokenised(tokenizer, [example.text for example in examples])]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    buckets, values = (np.concatenate(each) for each in zip(*found, strict=True))
    texts = np.bincount(buckets, minlength=BUCKETS)
    rarity = np.log((1 + len(examples)) / (1 + texts)) + 1
    seen = normalize(csr_matrix((values, buckets, ends), (len(examples), BUCKETS)) @ diags(rarity))
    fitted = [_head(seen, np.array([example.labels[head] for example in examples]), len(HEADS[head])) for head in HEADS]
    weight, bias = (np.concatenate(each, axis=-1) for each in zip(*fitted, strict=True))
    arrays = {"phrases.weight": weight, "phrases.bias": bias, "phrases.rarity": rarity}
    return {name: np.ascontiguousarray(value, dtype=np.float16) for name, value in arrays.items()}


def _head(seen: object, truth: NDArray[np.int64], size: int) -> tuple[Floats, Floats]:
    """Return (weight [buckets, size], bias [size]) of one head; a value that nobody gave stays at 0."""
    from sklearn.linear_model import LogisticRegression

    weight, bias = np.zeros((BUCKETS, size)), np.zeros(size)
    if len(set(truth)) > 1:
        fitted = LogisticRegression(C=4.0, class_weight="balanced", max_iter=300).fit(seen, truth)
        given = fitted.classes_ if len(fitted.classes_) > 2 else fitted.classes_[1:]
        weight[:, given], bias[given] = fitted.coef_.T, fitted.intercept_
    return weight, bias
