"""Pupils' and parents' forms on the Leading page: filling in, typing in, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages import leading_voice as room
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle
from senco_kit.planning.voice_file import FACES, FORMS, PICTURES, form


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadingPage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENCO_HOME", str(tmp_path_factory.mktemp("home")))
        yield LeadingPage()


@pytest.fixture
def here(page: LeadingPage) -> str:
    with work() as store:
        return store.cycles.create("2026 to 2027").id


def cycle(here: str) -> Cycle:
    with work() as store:
        return store.cycles.one(here)


def words(html: object) -> str:
    return " ".join(re.sub("<[^>]+>", " ", str(html)).split())


def start(page: LeadingPage, here: str, year: str = "") -> str:
    went = page.press("voice:start", {"cycle": here, "who": "pupils", "year": year})
    assert isinstance(went, GoTo)
    return went.where.rpartition("/")[2]


def test_one_pupil_after_the_other(page: LeadingPage, here: str) -> None:
    first = start(page, here, "5")
    values = {"cycle": here, "who": "pupils", "record": first}
    with pytest.raises(Refused, match="Answer one question first"):
        page.press("voice:next", values)
    page.save(here, f"{first}/answer/work", "sometimes")
    page.save(here, f"{first}/own_words", "More <b>time</b>")
    went = page.press("voice:next", values)
    assert isinstance(went, GoTo)
    assert went.where.startswith(f"{here}/voice/pupils/fill/")
    second = went.where.rpartition("/")[2]
    assert second != first
    assert [one.text("year") for one in cycle(here).of("pupil-view")] == ["5", "5"]
    with pytest.raises(Refused, match="handed in"):
        room.show(cycle(here), ["pupils", "fill", first])
    page.press("voice:stop", {**values, "record": second})
    assert [one.id for one in cycle(here).of("pupil-view")] == [first]
    with pytest.raises(Refused, match="choose one of the answers"):
        page.press("voice:start", {"cycle": here, "who": "pupils", "year": "99"})


def test_the_pupils_page_is_words_with_pictures_that_say_nothing_more(page: LeadingPage, here: str) -> None:
    html = str(page.view(f"{here}/voice/pupils/fill/{start(page, here)}").html)
    asked = form("pupils")
    assert html.count("<fieldset") == len(asked.questions)
    svgs = re.findall(r"<svg[^>]*>.*?</svg>", html, re.DOTALL)
    assert len(svgs) == len(asked.questions) * (1 + len(asked.answers))
    assert all('aria-hidden="true"' in svg and "<path" in svg for svg in svgs)
    assert "<img" not in html
    assert "http" not in html
    assert "2026 to 2027" not in html
    for answer in asked.answers:
        assert len(re.findall(rf"</svg> {answer.label}</label>", html)) == len(asked.questions)
    assert "Done, next pupil" in html
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels == [2, *[3] * len(asked.questions)]


def test_every_drawing_that_a_form_may_name_is_there() -> None:
    drawn = [str(draw("leading/voice_picture.html", face=face, picture="")) for face in FACES]
    drawn += [str(draw("leading/voice_picture.html", face="", picture=picture)) for picture in PICTURES]
    assert len(set(drawn)) == len(FACES) + len(PICTURES)
    assert all(each.count("<path") for each in drawn)


def test_paper_forms_are_kept_together_or_not_at_all(page: LeadingPage, here: str) -> None:
    values = {"cycle": here, "who": "pupils", "year": "6", "lines": "11111111\n1111"}
    said = page.press("voice:paper", values)
    assert isinstance(said, View)
    assert "Line 2: This line has 4 figures" in words(said.html)
    assert "11111111\n1111" in said.html
    assert cycle(here).of("pupil-view") == ()
    went = page.press("voice:paper", {**values, "lines": "11111111\n" * 7 + "31111111 | <i>loud</i> rooms\n"})
    assert isinstance(went, GoTo)
    assert went.says == "8 forms are taken from paper."
    html = str(page.view(f"{here}/voice/pupils").html)
    assert "&lt;i&gt;loud&lt;/i&gt; rooms" in html
    assert "<i>loud" not in html
    printed = re.sub(r'<section class="no-print">.*?</section>', "", html, flags=re.DOTALL)
    assert "loud" not in printed
    assert re.search(r"Can you do the work in lessons\?</th><td class=\"number\">c</td>", html)
    assert room.standing(cycle(here)) == "Forms of pupils: 8"


def test_few_forms_show_nothing_and_a_line_becomes_a_finding(page: LeadingPage, here: str) -> None:
    values = {"cycle": here, "who": "parents", "lines": "11111111 | telling\n" * 4}
    page.press("voice:paper", values)
    shown = words(page.view(f"{here}/voice/parents").html)
    assert "fewer than 5" in shown
    assert "telling" not in shown
    assert "Always" not in shown
    assert room.standing(cycle(here)) == "Forms of parents and carers: fewer than 5"
    page.press("voice:paper", {**values, "lines": "41111111\n" * 8})
    html = str(page.view(f"{here}/voice/parents").html)
    button = re.findall(r'<button[^>]*data-press="voice:take"[^>]*>', html)[0]
    page.press("voice:take", dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', button)))
    (finding,) = cycle(here).of("finding")
    assert (finding.text("source"), finding.text("effect")) == ("parents", "hinders")
    assert finding.text("what").startswith("More than half of 12 parents and carers answer")


@pytest.mark.parametrize("who", FORMS)
def test_every_place_has_its_heading_and_the_paper_form_the_numbers(page: LeadingPage, here: str, who: str) -> None:
    for place in ("", f"/{who}", f"/{who}/print", f"/{who}/paper"):
        html = str(page.view(f"{here}/voice{place}").html)
        assert html.count("<h2 data-focus") == 1, place
        assert html.count("<table") == html.count("<caption"), place
    printed = words(page.view(f"{here}/voice/{who}/print").html)
    assert printed.count("☐") == len(form(who).questions) * len(form(who).answers)
    assert all(each.says in printed for each in form(who).questions)
    for number, answer in enumerate(form(who).answers, 1):
        assert f"{number} {answer.label}" in printed


def test_what_the_page_never_sends_is_refused(page: LeadingPage, here: str) -> None:
    for action, values in (("voice:start", {"who": "teachers"}), ("voice:dance", {"who": "pupils"})):
        with pytest.raises(Refused):
            page.press(action, {"cycle": here, **values})
    with pytest.raises(Refused, match="no longer here"):
        page.press("voice:next", {"cycle": here, "who": "pupils", "record": "0" * 32})
    with pytest.raises(Refused):
        room.show(cycle(here), ["teachers"])


def test_the_start_leads_to_what_they_say_together_by_a_plain_link(page: LeadingPage, here: str) -> None:
    html = str(page.view(f"{here}/voice").html)
    for who in FORMS:
        assert f'<a href="#/{here}/voice/{who}">What they say together' in html
