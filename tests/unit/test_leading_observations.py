"""The room of lessons as its page shows it: visits, patterns, findings, and the form to print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo
from senco_kit.pages import leading_observations
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle
from senco_kit.planning.observations import OBSERVATION
from senco_kit.planning.observations_file import foci


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "work"))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    answer = page.press("start", {"name": "2026 to 2027", "school": "secondary-1050"})
    assert isinstance(answer, GoTo)
    return answer.where


def shown(page: LeadingPage, place: str) -> str:
    html = str(page.view(place).html).replace("&#39;", "'")
    assert "This can't be shown" not in html
    return html


def kept(cycle_id: str) -> Cycle:
    with work() as store:
        return store.cycles.one(cycle_id)


def add_visit(page: LeadingPage, cycle_id: str) -> str:
    answer = page.press("add", {"cycle": cycle_id, "kind": "observation"})
    assert isinstance(answer, GoTo)
    return answer.where.rpartition("/")[2]


def test_a_visit_asks_for_no_name_and_only_for_the_foci_that_were_chosen(page: LeadingPage, cycle_id: str) -> None:
    visit = add_visit(page, cycle_id)
    html = shown(page, f"{cycle_id}/observations/{visit}")
    assert html.count(f'data-name="{visit}/seen/') == len(foci())
    assert not {"name", "teacher", "role"} & {each.name for each in OBSERVATION.fields}
    parts = page.save(cycle_id, f"{visit}/focus/dignity", "yes")
    assert parts is not None
    assert str(parts["looks"]).count(f'data-name="{visit}/seen/') == 1
    assert page.save(cycle_id, f"{visit}/seen/dignity", "partly") is None
    page.save(cycle_id, f"{visit}/note/dignity", "<script>alert(1)</script>")
    html = shown(page, f"{cycle_id}/observations/{visit}")
    assert html.count(f'data-name="{visit}/seen/') == 1
    assert "<script>" not in html
    for name, value in (("seen/dignity", "outstanding"), ("day", "31/6/2026"), ("seen/flying", "yes")):
        with pytest.raises(Refused):
            page.save(cycle_id, f"{visit}/{name}", value)


def test_four_looks_are_not_enough_and_five_have_a_share_and_a_finding(page: LeadingPage, cycle_id: str) -> None:
    assert "Nothing has been looked for yet" in shown(page, f"{cycle_id}/observations/patterns")
    for number in range(5):
        html = shown(page, f"{cycle_id}/observations/patterns")
        if number == 4:
            assert "Fewer than 5 looks: not enough to say." in html
            assert "Take it as a finding" not in html
        page.save(cycle_id, f"{add_visit(page, cycle_id)}/seen/independence", "no")
    html = shown(page, f"{cycle_id}/observations/patterns")
    assert "0% seen in full (0% to 43%)" in html
    assert 'data-with-effect="hinders"' in html
    assert f'href="#/{cycle_id}/staff/session/independence"' in html
    assert "The same counts as a table" in html
    page.press("observations:take", {"cycle": cycle_id, **taken(html)})
    assert "Among your findings" in shown(page, f"{cycle_id}/observations/patterns")
    (finding,) = kept(cycle_id).of("finding")
    assert finding.text("source") == "observation"
    assert finding.text("what") == "Prompting and independence: 0% seen in full (0% to 43%), in 5 looks at lessons."


def taken(html: str) -> dict[str, str]:
    """What the page's button sends."""
    button = html.split('data-press="observations:take"')[1].split(">")[0]
    return {name: value for name, value in re.findall('data-with-([a-z]+)="([^"]*)"', button) if name != "cycle"}


def test_the_invented_observations_fill_the_room_once(page: LeadingPage, cycle_id: str) -> None:
    page.press("observations:invented", {"cycle": cycle_id})
    page.press("observations:invented", {"cycle": cycle_id})
    cycle = kept(cycle_id)
    assert len(cycle.of("observation")) == 80
    assert leading_observations.standing(cycle) == "80 visits to lessons"
    html = shown(page, f"{cycle_id}/observations")
    assert "Invented" in html
    assert html.index("Patterns by focus") < html.index('class="bars"') < html.index("Visits</h3>")
    assert "Seen least often: <strong>Clear explanations</strong>, 40% seen in full (" in html
    newest, folded = html.split("<summary>70 earlier visits</summary>")
    assert newest.split("Visits</h3>")[1].count("<li>") == 10
    assert folded.count("<li>") == 70
    html = shown(page, f"{cycle_id}/observations/patterns")
    assert "What 80 visits to lessons say together" in html
    assert "Not looked for yet: Task adapted, not diluted" in html
    assert html.index("By year") < html.index("By subject")


def test_the_blank_form_has_every_focus_with_boxes_and_no_field_for_a_name(page: LeadingPage, cycle_id: str) -> None:
    html = shown(page, f"{cycle_id}/observations/blank")
    for focus in foci().values():
        assert focus.title in html
    assert html.count("☐ Not seen") == len(foci())
    assert "data-print" in html
    assert "Teacher:" not in html
