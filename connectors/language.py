"""Which language a text is in, without a download."""

import re
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(text: str) -> str:
    """Return the ISO 639-1 code of a text, or "und" when it has no letters.

    Texts with fewer than six words or 30 letters are too short to tell: "en" where the script is Latin, else by
    the identifier. An identifier that is less than 90 % sure of another language in Latin script yields to "en",
    because jargon and names mislead it.
    """
    words = _WORD.findall(text[:4000])
    letters = "".join(words)
    if not letters:
        return "und"
    latin = len(_LATIN.findall(letters)) >= 0.7 * len(letters)
    if latin and (len(words) < 6 or len(letters) < 30):
        return "en"
    code, certainty = _identifier().classify(text[:4000])
    return "en" if latin and certainty < 0.9 else str(code)
