"""What stands below or around an author's words and is not prose: signatures, footers, disclaimers, patches, code."""

import re
from itertools import groupby

_CLOSING = re.compile(
    r"\s{0,4}(?:(?:best|kind|kindest|warm|many)?\s?regards|best wishes|cheers|sincerely(?: yours)?|"
    r"yours (?:sincerely|truly|faithfully)|best|br|rgds|mfg|lg|vg|mit (?:freundlichen|besten|herzlichen) grüßen|"
    r"(?:viele|liebe|beste|schöne|herzliche) grüße|freundliche grüße|cordialement|bien à vous|saludos(?: cordiales)?|"
    r"atentamente|cordiali saluti|distinti saluti|atenciosamente|met vriendelijke groet(?:en)?|med vänlig hälsning|"
    r"med venlig hilsen|med vennlig hilsen|pozdrawiam|с уважением)\s{0,3}[,.!]?\s{0,3}$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\s{0,4}(?:(?:many )?thanks|thank you|danke|merci|gracias|grazie)\s{0,3}[,.!]?\s{0,3}$", re.IGNORECASE
)
_POSTSCRIPT = re.compile(r"\s{0,4}P\.?\s?S\b", re.IGNORECASE)
_RULE = re.compile(r"\s{0,4}(?:_{20,200}|-{20,200}|={20,200}|\*{20,200})\s{0,3}$")
_LIST = re.compile(
    r"mailing list|unsubscribe|mailman|listinfo|/lists?[./]|list-?archive|newsgroup|google ?groups|subscribed to|"
    r"opt out|abmelden|désabonner",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\s{0,4}(?:to unsubscribe|unsubscribe:|.{0,80} mailing list(?: --.{0,80})?$|"
    r"you (?:have )?received this (?:message|mail|e-?mail) because|sent from |sent via |sent with |get outlook for |"
    r"enviado desde |von meinem .{1,40} gesendet|gesendet (?:von|mit) |envoyé (?:de|depuis) |inviato da |"
    r"verzonden (?:vanaf|met) |skickat från |sendt fra |"
    r"отправлено из |発信元|.{0,40}から送信)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"this (?:e-?mail|message|communication)\b.{0,160}\b(?:confidential|privileged|intended (?:only|solely))|"
    r"confidentiality notice|if you (?:are not the intended|have received this (?:e-?mail|message) in error)|"
    r"diese (?:e-?mail|nachricht).{0,120}vertraulich|ce (?:message|courriel).{0,120}confidentiel|"
    r"este (?:mensaje|correo).{0,120}confidencial",
    re.IGNORECASE,
)
_LEGAL = ("confiden", "privileg", "intended", "in error", "vertraulich")
"""Words one of which every disclaimer has."""

_BANNER = re.compile(
    r"\W{0,8}(?:caution|warning|external|achtung|attention)\W{1,4}.{0,80}(?:originated|outside|external|extern|expéditeur)|"
    r"\W{0,4}\[?external(?: e-?mail| sender)?\]?\W{0,4}$",
    re.IGNORECASE,
)
_WARNING = ("caution", "warning", "external", "achtung", "attention")
"""Words one of which every banner has."""

_FOOTERS = (
    *("unsubscribe", "mailing list", "received this ", "sent from ", "sent via ", "sent with ", "get outlook for "),
    *("enviado desde ", "von meinem ", "gesendet ", "envoyé de", "inviato da ", "verzonden ", "skickat från "),
    *("sendt fra ", "отправлено из ", "発信元", "から送信"),
)
"""Words one of which every footer has."""

_RULES = ("_" * 20, "-" * 20, "=" * 20, "*" * 20)
_DIFF_START = re.compile(r"(?:diff --git |Index: \S|--- (?:a/|\S+\s+\d{4}-)|\+\+\+ b/|@@ -\d)")
_DIFF_LINE = re.compile(
    r"(?:[-+ @]|index [0-9a-f]|new file|deleted file|rename |similarity|\\ No newline|diff |Index: |=+$|$)"
)
_DIFFSTAT = re.compile(r"\s\S.{0,200}\s\|\s{1,9}(?:\d{1,9}|Bin)\b|\s\d{1,9} files? changed")
_TRAILER = re.compile(
    r"(?:Signed-off-by|Reviewed-by|Acked-by|Tested-by|Reported-by|Suggested-by|Co-developed-by|Co-authored-by|Fixes|"
    r"Change-Id|Cc|Link): .{1,250}$"
)
_FENCE = re.compile(r"\s{0,4}(?:```|~~~)")
_PGP = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\s{0,3}$|Hash: SHA\d{1,3}$")
_ARMOUR = re.compile(r"-----BEGIN (?:PGP|S/MIME) ?(?:SIGNATURE|MESSAGE|PUBLIC KEY BLOCK)?-----")

_CODE_BEGINS = tuple("-+@ \t`~dIHSRATCFL")
"""What a line begins with that may begin something which is no prose; all others are passed on unlooked at."""

_WORD = re.compile(r"\w+")

GAP = "\0"
"""Stands where words of somebody else were taken out; no text that is cleaned holds it."""

LONGEST_CLOSING = 80
"""Characters of a line that holds a closing formula or a name."""

LONGEST_FORMULA = 40
"""Characters of a closing formula, with the blanks and the sign around it."""

NAME_BLOCK = 240
"""Characters that may follow a closing formula: a name, a role, a telephone number."""


def without_code(lines: list[str]) -> list[str]:
    """Drop patches, fenced code and trailers: nobody speaks in them."""
    kept: list[str] = []
    fenced = patch = False
    for number, line in enumerate(lines):
        if not (patch or fenced or line.startswith(_CODE_BEGINS)):
            kept.append(line)
            continue
        if _FENCE.match(line):
            fenced = not fenced
            continue
        patch = _starts_patch(lines, number) or (patch and bool(_DIFF_LINE.match(line) or _DIFFSTAT.match(line)))
        if not (fenced or patch or _TRAILER.match(line) or _PGP.match(line)):
            kept.append(line)
    return kept


def _starts_patch(lines: list[str], number: int) -> bool:
    """Say whether a patch begins here, or the list of changed files that stands over one."""
    if _DIFF_START.match(lines[number]) or _DIFFSTAT.match(lines[number]):
        return True
    return lines[number] == "---" and any(_DIFFSTAT.match(line) for line in lines[number + 1 : number + 40])


def is_indented(line: str) -> bool:
    """Say whether a line stands as far in as some programs put what they quote."""
    return line.startswith(("    ", "\t"))


def without_indented(lines: list[str]) -> list[str]:
    """Drop paragraphs of which every line is indented: some programs quote so, and the rest is code and tables."""
    kept: list[str] = []
    for blank, group in groupby(lines, lambda line: line in ("", GAP)):
        paragraph = list(group)
        kept += paragraph if blank or not all(map(is_indented, paragraph)) else [GAP]
    return kept


def before_footer(lines: list[str]) -> list[str]:
    """Cut at a signature mark, the footer of a list or program, or a disclaimer; drop banners."""
    text = "\n".join(lines).lower()
    if any(word in text for word in _WARNING):
        lines = [line for line in lines if not _BANNER.match(line)]
    legal, ruled, footed = (any(each in text for each in some) for some in (_LEGAL, _RULES, _FOOTERS))
    numbers = range(len(lines))
    return lines[: next((number for number in numbers if _ends_prose(lines, number, legal, ruled, footed)), len(lines))]


def without_closing(lines: list[str], name: frozenset[str]) -> list[str]:
    """Drop what follows a closing formula, thanks or the author's name in a passage, a postscript aside.

    `name` holds the words of the author's name in lower case. After a closing formula nobody goes on; thanks and a
    name end a passage when what follows is short enough to be a name and a role.
    """
    for number, line in enumerate(lines):
        if not line or len(line) > LONGEST_CLOSING:
            continue
        below = lines[number + 1 :]
        formula = len(line) <= LONGEST_FORMULA
        if (formula and _CLOSING.match(line)) or (_is_name(line, name) and _is_name_block(below)):
            return lines[:number] + _postscript(below)
        if formula and _THANKS.match(line) and _is_name_block(below):
            return lines[: number + 1] + _postscript(below)
    return lines


def _ends_prose(lines: list[str], number: int, legal: bool, ruled: bool, footed: bool) -> bool:
    """Say whether a line is no prose any more; `legal`, `ruled` and `footed` say what the text may hold at all."""
    line = lines[number]
    if line.startswith("--") and (line in ("--", "-- ") or _ARMOUR.match(line)):
        return True
    if legal and _DISCLAIMER.search(line[:2000]):
        return True
    if ruled and _RULE.match(line):
        return any(_LIST.search(below[:500]) for below in lines[number + 1 : number + 4])
    return footed and number > 0 and bool(_FOOTER.match(line))


def _is_name(line: str, name: frozenset[str]) -> bool:
    """Say whether nothing but words of the author's name stands in a line."""
    line = line.lower()
    first = _WORD.search(line)
    if not first or first[0] not in name:
        return False
    return all(word in name or len(word) < 3 for word in _WORD.findall(line))


def _is_name_block(lines: list[str]) -> bool:
    """Say whether lines are few and short and no sentences, up to a postscript."""
    before = [line for line in lines[: len(lines) - len(_postscript(lines))] if line.strip()]
    sentences = any(line.endswith((".", "?", "!")) for line in before)
    return len(" ".join(before)) <= NAME_BLOCK and not sentences


def _postscript(lines: list[str]) -> list[str]:
    """Return what an author added below the name."""
    return next((lines[number:] for number, line in enumerate(lines) if _POSTSCRIPT.match(line)), [])
