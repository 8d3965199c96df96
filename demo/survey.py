"""Survey answers of both sides: one CSV file in long layout, one workbook in wide layout, with comments."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from xml.sax.saxutils import escape

from configs import Alliance, Program
from demo.speech import Speech
from demo.story import level

SPREAD = 0.5
"""Standard deviation of one answer around its side's level, on a scale of five."""

QUESTIONS = {
    "trust": "We can rely on each other",
    "value": "The alliance creates value for us",
    "learning": "We learn from each other",
    "frequency": "We talk often enough",
    "transparency": "They tell us what we need to know",
    "responsiveness": "We get answers in time",
    "decision_speed": "Decisions come quickly",
    "role_clarity": "Everybody knows who does what",
    "conflict_resolution": "We settle disagreements well",
    "strategic_priorities": "We pursue the same goals",
    "resource_commitments": "Both sides put in what they promised",
    "incentive_structures": "What is good for us is good for them",
    "overall": "Overall health (1 to 10)",
}
"""Dimension -> the words of the questionnaire."""

BLANK = 0.015
"""How often an answer is left out."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one respondent answered in one month; None where the answer was left out."""

    month: date
    alliance: str
    company: str
    respondent: str
    answers: dict[str, int | None]
    comment: str


def sheets(
    alliance: Alliance, program: Program, months: Sequence[date], tone: str, speech: Speech, rng: Random
) -> Iterator[Sheet]:
    """Yield every sheet of an alliance: five to nine respondents a side in every month. `tone` names its comments."""
    for number, month in enumerate(months):
        for side, partner in zip("ab", alliance.partners, strict=True):
            for respondent in sorted(rng.sample(range(1, 12), rng.randint(6, 9))):
                answers = {each: _answer(alliance.id, each, side, number, rng) for each in QUESTIONS}
                comment = speech.say(_words(tone, number)) if rng.random() < 0.4 else ""
                code = f"{partner[:1].upper()}{respondent:02d}"
                yield Sheet(month, alliance.name, program.partner(partner).name, code, answers, comment)


def _words(tone: str, number: int) -> str:
    """Return the stock of comments: where all stays polite, its words change late."""
    return f"survey_comment_{'late' if tone == 'flat' and number >= 10 else tone}"


def _answer(alliance: str, dimension: str, side: str, number: int, rng: Random) -> int | None:
    highest = 10 if dimension == "overall" else 5
    drawn = rng.gauss(level(alliance, dimension, side, number), SPREAD * highest / 5)
    answer = min(highest, max(1, round(drawn)))
    return None if rng.random() < BLANK else answer


def long_csv(found: Sequence[Sheet]) -> str:
    """Return one line an answer; the comment stands beside the overall question."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("Month", "Alliance", "Company", "Respondent", "Question", "Score", "Why"))
    for sheet in found:
        for dimension, answer in sheet.answers.items():
            comment = sheet.comment if dimension == "overall" else ""
            place = (f"{sheet.month:%Y-%m}", sheet.alliance, sheet.company, sheet.respondent)
            writer.writerow((*place, QUESTIONS[dimension], "" if answer is None else answer, comment))
    return stream.getvalue()


def wide_xlsx(found: Sequence[Sheet]) -> bytes:
    """Return a workbook with one line a respondent, one column a question. The bytes depend on the answers alone."""
    heading: list[object] = ["Month", "Company", "Respondent", *QUESTIONS.values(), "Why?"]
    rows: list[list[object]] = [
        [f"{s.month:%m/%Y}", s.company, s.respondent, *s.answers.values(), s.comment] for s in found
    ]
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in [heading, *rows])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/sheet.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": _relations(package, f"{relation}/officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
            '<sheet name="Answers" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(package, f"{relation}/worksheet", "sheet.xml"),
            "xl/sheet.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
        }
    )


def _relations(package: str, kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def _packed(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
    return buffer.getvalue()
