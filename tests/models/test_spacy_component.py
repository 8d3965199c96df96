import pytest

spacy = pytest.importorskip("spacy")

import models.spacy_component  # noqa: E402


def test_the_component_sets_the_scorers_signals_on_each_document(scorer):
    nlp = spacy.blank("en")
    nlp.add_pipe("alliance_signals")
    texts = ["Thanks a lot, that was great work.", "Why does the valve close late?", ""]
    docs = list(nlp.pipe(texts))
    assert [doc._.alliance_signals for doc in docs] == scorer.score(texts)
    assert nlp(texts[0])._.alliance_signals == scorer.score(texts[:1])[0]


def test_the_component_refuses_a_folder_that_is_no_model(tmp_path):
    with pytest.raises(models.errors.ModelRefused):
        spacy.blank("en").add_pipe("alliance_signals", config={"folder": str(tmp_path)})
