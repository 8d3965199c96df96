import pytest

from models.encoder import load_tokenizer
from models.segments import MAX_CHARACTERS, ROOM, segments


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer()


TEXTS = {
    "sentences": "The valve closes late. Why does it do that? We found the spring too weak. " * 60,
    "no sentence ends": "valve spring sensor " * 700,
    "one word": "x" * 5_000,
    "lines": "first line\nsecond line\n" * 400,
    "accents": "Größenänderung führt überall zu Störungen. " * 200,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_segments_fit_the_encoder_and_lose_no_piece(tokenizer, text):
    (parts,) = segments(tokenizer, [text])
    assert all(0 < len(part) <= ROOM for part in parts)
    whole = tokenizer.encode(text[:MAX_CHARACTERS], add_special_tokens=False).ids
    assert [piece for part in parts for piece in part] == whole


def test_an_empty_text_has_one_empty_segment(tokenizer):
    assert segments(tokenizer, [""]) == [[[]]]


def test_a_cut_falls_between_sentences(tokenizer):
    sentence = "The valve closes late because the spring is weak."
    (parts,) = segments(tokenizer, [" ".join([sentence] * 60)])
    full_stop = tokenizer.token_to_id(".")
    assert len(parts) > 1
    assert all(part[-1] == full_stop for part in parts)


def test_a_text_that_fits_stays_whole(tokenizer):
    (parts,) = segments(tokenizer, ["One. Two. Three."])
    assert len(parts) == 1
