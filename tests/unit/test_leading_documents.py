"""The room of documents: what is asked stands beside what it will say, each piece leads back, and Word comes of it."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
from docx import Document as WordDocument

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo
from senco_kit.pages import leading_documents, leading_figures
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.planning.documents import instruments
from senco_kit.planning.kinds import single_id
from senco_kit.planning.model import Cycle
from senco_kit.store import open_store

STRATEGY = single_id("document-inclusion-strategy")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    return start(page, "primary-420")


def start(page: LeadingPage, school: str) -> str:
    answer = page.press("start", {"name": "2026 to 2027", "school": school})
    assert isinstance(answer, GoTo)
    return answer.where


def the_cycle(cycle_id: str) -> Cycle:
    return open_store().cycles.one(cycle_id)


def shown(page: LeadingPage, *place: str) -> str:
    return str(page.view("/".join(place)).html)


def assert_is_there(page: LeadingPage, place: str) -> None:
    """Whether a link leads to something: `show` raises where `view` would draw a sentence about a problem."""
    html = str(page.show(place).html)
    assert 'class="callout bad"' not in html, place
    assert "<h2 data-focus" in html, place


def plan(cycle_id: str) -> str:
    """A finding, an objective that answers it and an action; the objective's id."""
    cycles = open_store().cycles
    cycles.add(
        cycle_id,
        "finding",
        {"what": "Lag <b>", "for_parents": "Some read slowly <b>.", "effect": "hinders", "source": "data"},
    )
    objective = cycles.add(
        cycle_id, "objective", {"what": "Close it.", "for_parents": "All read well.", "success": "Ease"}
    )
    cycles.add(cycle_id, "action", {"objective": objective, "what": "Read daily.", "cost": "200", "funding": "core"})
    return objective


def test_the_five_documents_stand_with_how_complete_each_is_and_when_the_strategy_is_due(
    page: LeadingPage, cycle_id: str
) -> None:
    html = shown(page, cycle_id, "documents")
    assert "Due by 31 December 2026" in html
    places = re.findall(r'href="#/[0-9a-f]{32}/documents/([a-z-]+)"', html)
    assert places == [each.id for each in instruments()]
    # The name of the school comes from its data, so no report is without anything.
    assert len(re.findall(r"\d+ of \d+ required parts? there", html)) == 5
    assert "1 of 11 required parts there" in html
    assert leading_documents.standing(the_cycle(cycle_id)) == "Due by 31 December 2026: Inclusion strategy"


def test_each_document_asks_for_all_its_texts_beside_what_it_will_say(page: LeadingPage, cycle_id: str) -> None:
    for document in instruments():
        html = shown(page, cycle_id, "documents", document.id)
        kind = single_id(f"document-{document.id}")
        for section in document.sections:
            assert f'id="document-{section.id}"' in html
            for item in section.items:
                assert (f'data-name="{kind}/{item.id}"' in html) == bool(item.asks), item.id
            missing = html.count('<span class="tag to-check">Missing</span>')
            present = html.count('<span class="tag current">Complete</span>')
            assert missing + present == sum(any(i.required for i in each.items) for each in document.sections)
        assert html.count("<h2") == 1
        doubtful = document.id in ("inclusion-strategy", "sen-information-report", "governors-report")
        assert ('<span class="tag to-check">Check the source</span>' in html) == doubtful
        assert "[check the source]" not in html


def test_the_page_starts_with_what_is_missing_and_each_of_it_leads_to_where_it_is_typed(page: LeadingPage) -> None:
    cycle_id = start(page, "")
    for document in instruments():
        html = shown(page, cycle_id, "documents", document.id)
        top, form = html.split('<div class="form"', 1)
        links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', top)
        required = [item for item in document.items if item.required]
        assert [unescape(sentence) for _, sentence in links] == [f"{item.title}: {item.to_do}" for item in required]
        assert f"A draft: {len(required)} things are still missing." in top
        assert top.index("A draft") < top.index("Download as Word") < top.index("What is missing")
        for (target, _), item in zip(links, required, strict=True):
            if item.asks:
                assert form.count(f'id="{target}"') == 1, item.id
            else:
                assert target.startswith(f"/{cycle_id}/")
                assert_is_there(page, target.lstrip("/"))


def test_what_a_person_types_stands_open_once_and_its_preview_is_folded(page: LeadingPage, cycle_id: str) -> None:
    page.save(cycle_id, f"{STRATEGY}/intent", "We welcome every pupil.")
    html = shown(page, cycle_id, "documents", "inclusion-strategy")
    folded = re.sub("<details>.*?</details>", "", html, flags=re.DOTALL)
    assert (html.count("We welcome every pupil."), folded.count("We welcome every pupil.")) == (2, 1)


def test_what_is_typed_shows_at_once_beside_it_and_no_longer_counts_as_missing(
    page: LeadingPage, cycle_id: str
) -> None:
    parts = page.save(cycle_id, f"{STRATEGY}/intent", "We welcome <b>every</b> pupil. " * 20)
    assert parts is not None
    top = {"document-state", "document-missing"}
    assert set(parts) == top | {"document-state-intent", "document-intent", "document-hint-intent"}
    assert "We welcome &lt;b&gt;every&lt;/b&gt; pupil." in parts["document-intent"]
    assert "Complete" in parts["document-state-intent"]
    assert "A draft: 9 things" in parts["document-state"]
    assert "Statement of intent" not in parts["document-missing"]
    assert re.search(r"80 of about 500 words\. Reading age: about \d+\.", parts["document-hint-intent"])
    gone = page.save(cycle_id, f"{STRATEGY}/intent", "")
    assert gone is not None
    assert "Statement of intent" in gone["document-missing"]
    assert "A draft: 10 things" in gone["document-state"]


def test_a_text_that_is_long_and_hard_says_so_but_is_kept(page: LeadingPage, cycle_id: str) -> None:
    text = "Notwithstanding organisational complexities characterising multidisciplinary collaboration " * 100
    parts = page.save(cycle_id, f"{STRATEGY}/intent", text)
    assert parts is not None
    assert "more than parents will read" in parts["document-hint-intent"]
    assert "Reading age: more than 20." in parts["document-hint-intent"]
    assert "aim for 14 or less" in parts["document-hint-intent"]
    kept = the_cycle(cycle_id).single("document-inclusion-strategy")
    assert kept is not None
    assert kept.text("intent") == text


def test_each_piece_leads_back_to_its_evidence(page: LeadingPage, cycle_id: str) -> None:
    objective = plan(cycle_id)
    open_store().cycles.add_review(cycle_id, objective, {"progress": "on-track", "what_changed": "They read more."})
    html = shown(page, cycle_id, "documents", "inclusion-strategy")
    (finding,) = the_cycle(cycle_id).of("finding")
    assert f'href="#/{cycle_id}/findings/{finding.id}"' in html
    assert f'href="#/{cycle_id}/plan/{objective}"' in html
    assert "Some read slowly &lt;b&gt;." in html
    assert "Lag" not in html
    assert "say in the plan whether it is universal or targeted" in html
    places = sorted(set(re.findall(rf'href="#/({cycle_id}/[^"]+)"', html)))
    assert {f"{cycle_id}/documents", f"{cycle_id}/findings/{finding.id}", f"{cycle_id}/plan/{objective}"} <= set(places)
    for place in places:
        assert_is_there(page, place)


def test_an_action_is_said_in_other_words_on_the_page(page: LeadingPage, cycle_id: str) -> None:
    plan(cycle_id)
    (action,) = the_cycle(cycle_id).of("action")
    parts = page.save(cycle_id, f"{STRATEGY}/activity/{action.id}", "Every pupil reads each day.")
    assert parts is not None
    assert "Every pupil reads each day." in parts["document-activity"]
    assert "Read daily." not in parts["document-activity"]
    with pytest.raises(Refused, match="does not ask for"):
        page.save(cycle_id, f"{single_id('document-plan-on-a-page')}/activity/{action.id}", "x")


def test_word_is_a_draft_by_name_and_the_name_tells_no_school(page: LeadingPage, cycle_id: str) -> None:
    made = page.press("documents:word", {"cycle": cycle_id, "document": "governors-report"})
    assert isinstance(made, Download)
    assert re.fullmatch(r"INVENTED-draft-governors-report-\d{4}-\d\d-\d\d\.docx", made.file_name)
    assert "Draft: still missing" in [each.text for each in WordDocument(io.BytesIO(made.data)).paragraphs]
    with pytest.raises(Refused, match="no such document"):
        page.press("documents:word", {"cycle": cycle_id, "document": "../secrets"})


def test_without_a_schools_data_documents_say_so_and_still_work(page: LeadingPage) -> None:
    cycle_id = start(page, "")
    assert leading_figures.of(the_cycle(cycle_id)) is None
    html = shown(page, cycle_id, "documents", "governors-report")
    assert "No school’s data is open" in html
    assert "choose the school’s data" in html
    made = page.press("documents:word", {"cycle": cycle_id, "document": "governors-report"})
    assert isinstance(made, Download)
    assert made.file_name.startswith("draft-")


def test_a_place_that_is_not_there_is_a_sentence(page: LeadingPage, cycle_id: str) -> None:
    assert "There is no such document." in shown(page, cycle_id, "documents", "nothing")
    assert "There is no such place" in shown(page, cycle_id, "documents", "inclusion-strategy", "more")
