"""Where somebody else's words begin in a body: marked lines, attributions, header blocks, dividers.

A mark is trusted for its form (a time and an address before a colon) more than for its language. Every pattern looks
at a bounded piece of a line, so all of them are linear.
"""

import re

WRAPPED = 68
"""Columns that mail programs fill at least before they wrap a line."""

LONGEST = 400
"""Characters of an attribution, over at most three lines."""

_QUOTED = re.compile(r"\s{0,8}(?:[>＞»]|<{2,8}\s|[A-Za-z]{1,4}>|\|(?!\s{0,2}\|))")
_QUOTED_MARKS = (">", "＞", "»", "<<", "|")
"""What _QUOTED matches holds one of these."""

_TIME = re.compile(r"(?<!\d)(?:\d{1,2}[:.h]\d\d|(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d)(?!\d)")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_ANGLED = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{1,100}>")
_VERB = re.compile(
    r"\b(?:wrote|writes|said|schrieb|schreibt|a écrit|écrivait|escribió|ha scritto|scrisse|escreveu|schreef|skrev|"
    r"kirjoitti|napisał|napsal|написал|пишет|написав|пише|yazdı|írta|έγραψε|a scris|je napisao|quoting|zitat von)"
    r"|写道|寫道|のメール|書きました|작성",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"\s{0,4}(?:\[[^\W\d][\w .-]{1,30}\]\s{0,2}(?:-{1,3}>|:|>)|"
    r"(?:ans|answer|reply|response|antwort)(?: (?:by|from|von) \w{1,30})?\s{0,2}[:：])",
    re.IGNORECASE,
)
"""What stands before an answer where quotes and answers differ by colour only: a name in brackets, "Ans:"."""

_COLOUR = (
    "(?:blue|red|green|purple|orange|pink|brown|colou?r|blau|rot|grün|lila|bleu|rouge|vert|couleur|azul|rojo|verde|"
    "vermelho|blu|rosso|blauw|rood|groen|blå|blått|rød|rött|grøn)"
)
_NAMES_COLOUR = re.compile(rf" {_COLOUR}\b")
"""For text in lower case: a look that costs little, because few texts name a colour."""

_IN_COLOUR = rf"\b(?:in|en|em|med|på) {_COLOUR}\b"
_ANSWERS = (
    "answer|comment|repl(?:y|ies)|respon[sd]|inline|in-line|remark|antwort|kommentar|anmerkung|réponse|"
    "respuesta|comentario|rispost|resposta|antwoord|opmerking|svar"
)
_BY_COLOUR = re.compile(
    rf"(?:{_ANSWERS})[^.!?\n]{{0,60}}{_IN_COLOUR}|{_IN_COLOUR}[^.!?\n]{{0,60}}(?:{_ANSWERS})", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|you|ich|wir|je|nous|yo)\b", re.IGNORECASE)
_END = re.compile(r"[:：]\s{0,3}\*{0,2}$")
_FAR_IN = ("    ", "\t")
_ENDINGS = (":", "：", ">", "wrote", "*")
_SENTENCE_ENDS = (".", "!", "?", ";")
_FRAME = re.compile(r"\s{0,8}-{2,40}\s{0,3}(\S.{1,100}?)\s{0,3}-{2,40}\s{0,3}$")
_APPENDED = re.compile(
    r"message|forward|original|begin |reply|nachricht|weitergeleitet|mensaje|messaggio|mensagem|bericht|meddeland|"
    r"besked|melding|viesti|wiadomo|zpráva|сообщение|повідомлення|メッセージ|邮件|郵件|메시지|mesaj|üzenet|transféré|"
    r"переслан|転送|转发",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s{0,8}(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré|"
    r"réexpédié)|inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem reencaminhada|"
    r"begin doorgestuurd bericht|転送されたメッセージ)\s{0,3}[:：]\s{0,3}$",
    re.IGNORECASE,
)
_FROM = "from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|gönderen|feladó|από|差出人|发件人|寄件者|보낸 사람"
_SUBJECT = (
    "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|předmět|тема|konu|tárgy|"
    "件名|主题|主旨|제목"
)
_OTHER = (
    "sent|to|cc|bcc|date|reply-to|message-id|importance|gesendet|datum|an|kopie|envoyé|à|enviado|enviada|enviado el|"
    "para|fecha|inviato|a|data|verzonden|aan|skickat|till|sendt|til|kopia|lähetetty|vastaanottaja|do|wysłano|komu|"
    "kime|gönderilme|gönderildi|gönderme tarihi|tarih|дата|кому|отправлено|"
    "送信日時|日付|宛先|发送时间|收件人|日期|抄送|寄件日期|收件者|보낸 날짜|받는 사람"
)
_LABEL = re.compile(
    rf"\s{{0,8}}\*{{0,2}}(?:(?P<sender>{_FROM})|(?P<subject>{_SUBJECT})|(?P<other>{_OTHER}))\*{{0,2}}\s?[:：]\*{{0,2}}(?:\s|$|\S)",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"\*{0,2}[^\W\d][^:：\n]{0,30}[:：]\*{0,2}\s?\S")
_STACKED_TO = re.compile(r"\s{0,8}(?:to|an|à|para)\s{0,3}$", re.IGNORECASE)
_STACKED_SUBJECT = re.compile(rf"\s{{0,8}}(?:{_SUBJECT})\s{{0,3}}$", re.IGNORECASE)


def is_quoted(line: str) -> bool:
    """Say whether a line carries a mark of quoting at its margin."""
    return _QUOTED.match(line) is not None


def quoted(lines: list[str]) -> list[bool]:
    """Say of each line whether it carries a mark of quoting."""
    text = "\n".join(lines)
    if not any(mark in text for mark in _QUOTED_MARKS):
        return [False] * len(lines)
    return [found is not None for found in map(_QUOTED.match, lines)]


def near_endings(lines: list[str]) -> list[bool]:
    """Say of each line whether it or one of the next two ends as an attribution does; elsewhere none can begin."""
    ends = [line.endswith(_ENDINGS) for line in lines]
    return [any(three) for three in zip(ends, [*ends[1:], False], [*ends[2:], False, False], strict=False)]


def is_torn_off(above: str, line: str) -> bool:
    """Say whether a line goes on with the marked one `above`, which a mail program wrapped without a mark.

    The line above must have had no room for the first word, and must not end a sentence, unless a small letter follows.
    """
    if len(above) + len(line.split(maxsplit=1)[0]) < WRAPPED:
        return False
    return not above.endswith((*_SENTENCE_ENDS, ":")) or line[0].islower()


def attribution(lines: list[str], start: int) -> tuple[int, bool]:
    """Return (lines of an attribution that begins at `start`, whether it is one even when no marked quote follows)."""
    for size in (3, 2, 1):
        block = [line.strip() for line in lines[start : start + size]]
        if len(block) < size or not block[-1].endswith(_ENDINGS) or not _may_be_one(block):
            continue
        text = " ".join(block)
        if _is_certain(text):
            return size, True
        if lines_to_quote(lines, start + size) is not None and _is_likely(text):
            return size, False
    return 0, False


def _may_be_one(block: list[str]) -> bool:
    """Say whether an attribution can begin with the first of these lines and end with the last."""
    if not all(block) or sum(map(len, block)) > LONGEST or any(is_quoted(line) for line in block):
        return False
    first = block[0]
    dated = len(block) == 1 or _TIME.search(first) or _ADDRESS.search(first)
    return (
        bool(dated)
        and not (len(block) > 1 and first.endswith(_SENTENCE_ENDS))
        and not any(map(_END.search, block[:-1]))
    )


def _is_certain(text: str) -> bool:
    """A time and an address in angle brackets before a colon, or a verb of writing with either of them."""
    if not _END.search(text):
        return False
    time, address = _TIME.search(text), _ADDRESS.search(text)
    return bool(((time or address) and _VERB.search(text)) or (time and _ANGLED.search(text)))


def _is_likely(text: str) -> bool:
    """What counts as an attribution when marked lines follow."""
    if not (text.endswith((">", "wrote")) or _END.search(text)):
        return False
    return bool(_TIME.search(text) or _ADDRESS.search(text) or _VERB.search(text))


def names_a_writer(line: str) -> bool:
    """Say whether a line announces what another wrote, though nothing marks where that begins and ends."""
    if _SPEAKER.match(line):
        return True
    if ":" not in line and "：" not in line:
        return False
    line = line.strip()
    announces = len(line) <= 80 and _END.search(line) and _VERB.search(line[-40:])
    return bool(announces and not _FIRST_PERSON.search(line))


def tells_by_colour(text: str) -> bool:
    """Say whether somebody announces answers in a colour: then nothing else tells them from what they answer."""
    return bool(_NAMES_COLOUR.search(text.lower()) and _BY_COLOUR.search(text))


def lines_to_quote(lines: list[str], start: int) -> int | None:
    """Return how many empty lines stand before a marked or indented quote, None when something else comes first."""
    for gap, line in enumerate(lines[start : start + 4]):
        if line.strip():
            return gap if is_quoted(line) or line.startswith(_FAR_IN) else None
    return None


def starts_appended(lines: list[str], number: int) -> bool:
    """Say whether a whole earlier message follows: a divider, a block of header fields, or a forwarding line."""
    line = lines[number]
    framed = _FRAME.match(line[:LONGEST]) if "--" in line else None
    if (framed and _APPENDED.search(framed[1])) or (line.endswith((":", "：")) and _FORWARDED.match(line)):
        return True
    if line.startswith("____"):
        return _is_ruled_off(lines[number + 1 : number + 6])
    if len(line) <= 16 and _STACKED_TO.match(line):
        return any(_STACKED_SUBJECT.match(each) for each in lines[number + 1 : number + 9])
    return _starts_header_block(lines, number)


def _is_ruled_off(below: list[str]) -> bool:
    """Say whether header fields of any language stand below a rule: three, one of them with a time or address."""
    fields = [line for line in below if _ANY_LABEL.match(line)][:4]
    return len(fields) >= 3 and any(_ADDRESS.search(line) or _TIME.search(line) for line in fields)


def _starts_header_block(lines: list[str], number: int) -> bool:
    """Three header fields with a sender and a subject or an address among them; two if a sender's address begins."""
    first = _LABEL.match(lines[number]) if ":" in lines[number] or "：" in lines[number] else None
    if not first:
        return False
    window = [line for line in lines[number : number + 12] if line.strip()][:7]
    found = [(label, line) for line in window if (label := _LABEL.match(line))]
    names = {label.lastgroup for label, _ in found}
    addressed = any(_ADDRESS.search(line) for line in window)
    telling = "subject" in names or addressed
    return "sender" in names and telling and len(found) >= (2 if first["sender"] and addressed else 3)
