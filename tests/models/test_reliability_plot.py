from xml.etree import ElementTree

from models.reliability_plot import GAP, SIDE, TOP, reliability_plot

SVG = "{http://www.w3.org/2000/svg}"


def dots(found):
    return [
        (float(each.get("cx")), float(each.get("cy"))) for each in ElementTree.fromstring(found).iter(f"{SVG}circle")
    ]


def test_a_bin_that_is_as_right_as_it_is_sure_stands_on_the_diagonal():
    ((x, y),) = dots(reliability_plot({"tone": [[0.7, 0.7, 12]]}))
    assert (x - GAP) / SIDE == 0.7
    assert 1 - (y - TOP) / SIDE == 0.7


def test_an_overconfident_bin_stands_below_it():
    ((x, y),) = dots(reliability_plot({"tone": [[0.9, 0.5, 12]]}))
    assert 1 - (y - TOP) / SIDE < (x - GAP) / SIDE


def test_each_signal_has_its_own_square():
    page = reliability_plot({"tone": [[0.9, 0.5, 1]], "seeks": [[0.9, 0.5, 3]]})
    assert len({x for x, _ in dots(page)}) == 2
    assert "seeks" in page
