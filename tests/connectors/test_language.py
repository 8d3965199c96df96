import pytest

from connectors import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We could move the review to Thursday if the depot is ready by then.", "en"),
        ("Wir können die Besprechung auf Donnerstag verschieben, wenn das Lager fertig ist.", "de"),
        ("Nous pouvons déplacer la réunion à jeudi si le dépôt est prêt.", "fr"),
        ("木曜日に会議を移すことができます。倉庫は準備できています。", "ja"),
        ("Мы можем перенести встречу на четверг, если склад будет готов.", "ru"),
        ("LGTM, thx!", "en"),
        ("ok", "en"),
        ("+1 :)", "und"),
        ("", "und"),
    ],
)
def test_the_language_of_a_text_is_told_without_a_download(text, code):
    assert language(text) == code
