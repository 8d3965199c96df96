"""Dates that a program wrote as a sentence in its user's language: "Monday, February 10, 2025 at 3:45:22 PM UTC".

Only what cannot be mistaken is read: the month is a word, or marked as in 2025年2月10日, and the time says UTC.
"""

import re
from datetime import UTC, datetime

_MONTHS = """
en january february march april may june july august september october november december
en jan feb mar apr may jun jul aug sept oct nov dec
de januar februar märz april mai juni juli august september oktober november dezember
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
es enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
nl januari februari maart april mei juni juli augustus september oktober november december
sv januari februari mars april maj juni juli augusti september oktober november december
da januar februar marts april maj juni juli august september oktober november december
fi tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu
pl stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
cs ledna února března dubna května června července srpna září října listopadu prosince
hu január február március április május június július augusztus szeptember október november december
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
ru января февраля марта апреля мая июня июля августа сентября октября ноября декабря
uk січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
"""
_NUMBER = {
    word: number for line in _MONTHS.strip().splitlines() for number, word in enumerate(line.split()[1:], start=1)
}
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d\d)[:.](\d\d)(?!\d)")
_MARKED = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|午後|下午|오후", re.I)
_MORNING = re.compile(r"\ba\.?\s?m\b|午前|上午|오전", re.I)


def worded_instant(sentence: str) -> datetime | None:
    """Return the UTC instant that a sentence names, None when it is not certain."""
    said = " ".join(sentence[:200].lower().split())
    time = _TIME.search(said)
    if not time or not said.endswith("utc"):
        return None
    hour, minute, second = (int(each) for each in time.groups())
    if _AFTERNOON.search(said) or _MORNING.search(said):
        hour = hour % 12 + (12 if _AFTERNOON.search(said) else 0)
    try:
        return datetime(*_date(said[: time.start()] + " " + said[time.end() :]), hour, minute, second, tzinfo=UTC)
    except (ValueError, TypeError):
        return None


def _date(said: str) -> tuple[int, int, int]:
    """Return year, month and day. Raises ValueError unless each is there exactly once."""
    if marked := _MARKED.search(said):
        return int(marked[1]), int(marked[2]), int(marked[3])
    words = (word.removesuffix("kuuta") for word in re.findall(r"[^\W\d_]+", said))
    (month,) = {_NUMBER[word] for word in words if word in _NUMBER}
    (year,) = re.findall(r"(?<!\d)\d{4}(?!\d)", said)
    (day,) = re.findall(r"(?<!\d)\d{1,2}(?!\d)", said)
    return int(year), month, int(day)
