"""The page in a real browser: does it fit a phone, does its style hold, and does it ask for anything."""

import json
import re
import shutil
import subprocess

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--allow-file-access-from-files",
    "--virtual-time-budget=4000",
    "--window-size=1400,900",
]
MEASURE = """<!doctype html><iframe id="page" src="{page}" style="width:{width}px;height:800px;border:0"></iframe>
<script>
onload = () => {{
  const frame = document.getElementById("page");
  const page = frame.contentDocument;
  const wide = [...page.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > {width} + 1
    && !each.closest(".scroll") && !each.closest("svg") && !each.closest(".skip"));
  document.body.dataset.found = JSON.stringify({{
    scroll: page.documentElement.scrollWidth,
    wide: wide.map(each => each.className),
    asked: frame.contentWindow.performance.getEntriesByType("resource").length,
    charts: page.querySelectorAll("svg").length,
    ink: getComputedStyle(page.body).color,
    line: getComputedStyle(page.querySelector("path.line.a")).stroke,
    share: page.querySelector(".weight i").getBoundingClientRect().width,
  }});
}};
</script>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


def measured(page, folder, width):
    """Return what the browser finds in the page when it is `width` pixels wide."""
    around = folder / "around.html"
    around.write_text(MEASURE.format(page=page.as_uri(), width=width), encoding="utf-8")
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", "--dump-dom", around.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return json.loads(re.search(r'data-found="([^"]*)"', dom)[1].replace("&quot;", '"'))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_keeps_its_style_and_asks_for_nothing(page, tmp_path, width):
    found = measured(page, tmp_path, width)
    assert found["wide"] == []
    assert found["scroll"] <= width
    assert found["asked"] == 0
    assert found["charts"] > 100
    assert (found["ink"], found["line"]) == ("rgb(29, 38, 48)", "rgb(11, 102, 104)")
    assert found["share"] > 10


def test_the_measure_would_see_a_wide_element_and_a_request(page, tmp_path):
    broken = tmp_path / "broken.html"
    text = page.read_text(encoding="utf-8").replace("Content-Security-Policy", "x-none")
    broken.write_text(
        text.replace("<main", '<div class="wide" style="width:900px">.</div><img src="http://a.invalid/"><main')
    )
    found = measured(broken, tmp_path, 390)
    assert found["wide"] == ["wide"] and found["scroll"] > 390
    assert found["asked"] == 1
