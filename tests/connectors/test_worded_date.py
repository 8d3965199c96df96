"""Dates written as sentences are read in the languages that are known, and refused where they could mean two days."""

import pytest

from connectors.worded_date import worded_instant


@pytest.mark.parametrize(
    ("sentence", "instant"),
    [
        ("Thursday, November 3, 2016 at 11:59:50 AM UTC", "2016-11-03T11:59:50+00:00"),
        ("Tuesday, November 22, 2016 at 9:46:26\u202fPM UTC", "2016-11-22T21:46:26+00:00"),
        ("Monday, May 5, 2025 at 17:13:43 UTC", "2025-05-05T17:13:43+00:00"),
        ("2015. február 15., vasárnap 21:54:36 UTC", "2015-02-15T21:54:36+00:00"),
        ("Montag, 10. März 2025 um 09:05:00 UTC", "2025-03-10T09:05:00+00:00"),
        ("lundi 10 février 2025 à 15:45:22 UTC", "2025-02-10T15:45:22+00:00"),
        ("lunes, 10 de febrero de 2025, 3:45:22 p. m. UTC", "2025-02-10T15:45:22+00:00"),
        ("2025年2月10日月曜日 15:45:22 UTC", "2025-02-10T15:45:22+00:00"),
        ("2025년 2월 10일 월요일 오후 3시 45:22 UTC", None),
        ("понедельник, 10 февраля 2025 г. в 15:45:22 UTC", "2025-02-10T15:45:22+00:00"),
        ("maanantai 10. helmikuuta 2025 klo 15.45.22 UTC", "2025-02-10T15:45:22+00:00"),
        ("10.02.2025 15:45:22 UTC", None),
        ("Monday, February 10, 2025 at 3:45:22 PM", None),
        ("Monday, February 30, 2025 at 3:45:22 PM UTC", None),
        ("May 5, June 2025 at 17:13:43 UTC", None),
        ("", None),
    ],
)
def test_a_sentence_names_one_instant_or_none(sentence, instant):
    found = worded_instant(sentence)
    assert (found.isoformat() if found else None) == instant
