"""The course's own fields by keyboard, as a screen reader is given them, and in several screens on one page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answering import LOST, one_person, outbox, ready, stopped
from looks import expect_all_fits, expect_focus_is_seen, expect_no_axe_findings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from test_accessibility_tree import tree

from serving_fixture import KIT, KitServer, until, write_page

#: A lesson's page: two screens that keep answers in files, between text that asks nothing.
LESSON = """\
import json, os
from pathlib import Path
from IPython.display import Markdown, display
from markupsafe import Markup
from senco_kit.forms.check import check
from senco_kit.forms.draw import draw_form, left_part
from senco_kit.forms.fields import *
from senco_kit.forms.screen import GoTo, Page, Screen, View

def fields(name):
    steps = tuple(Option(each.lower(), each) for each in ("Review", "Assess", "Do", "Plan"))
    return (
        PutInOrder(name=f"{name}-order", label="Order", options=steps),
        ShareOut(name=f"{name}-share", label="Share", rows=steps[:2], unit="hours", total=40),
    )

class Checks(Page):
    def __init__(self, name):
        self.file = Path(os.environ["SENCO_HOME"]) / f"{name}.json"
        self.file.parent.mkdir(exist_ok=True)
        self.name = name
        self.form = Form(name, (Section(f"Checks of {name}", fields(name)),))

    def kept(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def shares(self):
        amounts = {name.split("/")[1]: typed for name, typed in self.kept().items() if "/" in name}
        return [{"id": row, "amount": typed} for row, typed in amounts.items()]

    def view(self, where):
        button = Markup('<button type="button" data-press="check">Check {}</button>').format(self.name)
        html = draw_form(self.form, {**self.kept(), f"{self.name}-share": self.shares()})
        return View("Not the title", Markup("{}{}<p>Shown: {}</p>").format(html, button, where or "the start"))

    def save(self, form, name, value):
        check(self.form.find(name), value)
        self.file.write_text(json.dumps({**self.kept(), name: value}))
        return left_part(self.form.find(f"{self.name}-share"), self.shares())

    def press(self, action, values):
        return GoTo("feedback", "It is checked.")

display(Markdown("## Quick checks"))
display(Screen(Checks("first"), embedded=True, name="lesson/first"))
display(Screen(Checks("second"), embedded=True, name="lesson/second"))
"""


#: Notes what the progress bar shows, with whether it is in view and labelled, and what is read out of it.
LISTEN = """() => {
  window.shown = [];
  window.heard = [];
  const [holder, live] = ["[data-progress]", "[data-live]"].map((each) => document.querySelector(each));
  const bar = holder.querySelector("progress");
  new MutationObserver(() => {
    const { top, bottom } = bar.getBoundingClientRect();
    const seen = bar.checkVisibility() && top >= 0 && bottom <= innerHeight && bar.labels[0] === holder;
    window.shown.push([holder.innerText.trim(), bar.position, seen]);
  }).observe(holder, { childList: true, subtree: true, attributes: true });
  new MutationObserver(() => { if (live.innerText.includes("pieces")) window.heard.push(live.innerText); })
    .observe(live, { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KitServer]:
    """A server of two pages: the patterns, and a lesson with two screens."""
    notebooks = tmp_path_factory.mktemp("notebooks")
    shutil.copy(KIT / "notebooks" / "patterns.ipynb", notebooks)
    write_page(notebooks, "home", "Home", "")
    write_page(notebooks, "lesson", "Lesson", LESSON)
    server = KitServer()
    server.start(tmp_path_factory.mktemp("home"), notebooks)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser, whose tabs the tests of this file share; no page may have a script error."""
    wrong: list[str] = []
    with one_person(browser, 30) as context:
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        yield context
    assert wrong == []


@pytest.fixture(scope="module")
def patterns(person: BrowserContext, kit: KitServer) -> Page:
    """The pattern page, which shows each field in each state."""
    page = person.new_page()
    page.goto(f"{kit.url.rstrip('/')}/patterns")
    ready(page)
    return page


@pytest.fixture(scope="module")
def lesson(person: BrowserContext, kit: KitServer) -> Page:
    """The lesson, with both of its screens ready."""
    page = person.new_page()
    page.goto(f"{kit.url.rstrip('/')}/lesson")
    both_ready(page)
    return page


def both_ready(page: Page) -> None:
    """Wait until both screens of the lesson can be used."""
    expect(page.locator(".screen[data-ready=yes]")).to_have_count(2)


def focused(page: Page) -> str:
    """The id or the words of what has the focus."""
    found = str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    return " ".join(found.split())


def order(field: Locator) -> list[str]:
    """The things of an order as they stand now."""
    return field.locator("[data-what]").all_inner_texts()


def kept(kit: KitServer, name: str) -> dict[str, Any]:
    """What the lesson's page has kept of a screen."""
    file: Path = kit.home / "work" / f"{name}.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def test_rows_are_picked_with_the_space_bar(patterns: Page) -> None:
    picks = patterns.get_by_role("group", name="Pick rows of a table", exact=True).first
    patterns.focus("#f-empty-pick-12")
    patterns.keyboard.press("Space")
    patterns.keyboard.press("Tab")
    patterns.keyboard.press("Tab")
    patterns.keyboard.press("Space")
    assert focused(patterns) == "f-empty-pick-21"
    expect(picks.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(patterns.locator("section:has(#f-empty-pick) [data-saved]")).to_contain_text("Saved")


def test_items_are_moved_with_enter_and_keep_the_focus(patterns: Page) -> None:
    field = patterns.locator("#f-empty-order")
    given = field.get_by_role("checkbox", name="This order is fine as it is")
    expect(given).not_to_be_checked()
    said = patterns.locator("[data-live]")
    field.get_by_role("button", name="Move up Plan").focus()
    for place in (3, 2, 1):
        patterns.keyboard.press("Enter")
        expect(said).to_have_text(f"Plan, now {place} of 4.")
        assert focused(patterns) == "Move up Plan"
    assert order(field) == ["Plan", "Review", "Assess", "Do"]
    expect(given).to_be_checked()
    up = field.get_by_role("button", name="Move up Plan")
    assert (up.get_attribute("aria-disabled"), up.is_visible()) == ("true", True)
    patterns.keyboard.press("Enter")
    expect(said).to_have_text("Plan is first already.")
    patterns.keyboard.press("Tab")
    patterns.keyboard.press("Space")
    expect(said).to_have_text("Plan, now 2 of 4.")
    disabled = field.locator("[aria-disabled=true]")
    assert disabled.all_text_contents() == ["Move up Review", "Move down Do"]


def test_what_is_left_follows_the_amounts_and_a_wrong_one_is_said(patterns: Page) -> None:
    left = patterns.locator("#f-empty-share-left")
    patterns.focus("#f-empty-share-group")
    patterns.keyboard.type("600")
    expect(left).to_have_text("Left to share out: 400 of 1,000 pounds.")
    patterns.keyboard.press("Tab")
    patterns.keyboard.type("£500")
    expect(left).to_have_text("Too much: 100 pounds more than the 1,000 there are.")
    assert focused(patterns) == "f-empty-share-training"
    patterns.keyboard.press("Tab")
    patterns.keyboard.type("-5")
    patterns.keyboard.press("Tab")
    expect(patterns.locator("#f-empty-share-books-error")).to_have_text("Error: Books: enter 0 pounds or more.")
    patterns.fill("#f-empty-share-books", "0")
    expect(patterns.locator("#f-empty-share-books-error")).to_be_hidden()


def test_long_work_shows_how_far_it_is_until_it_is_done(patterns: Page) -> None:
    bar = patterns.locator("[data-progress]")
    expect(bar).to_be_hidden()
    patterns.evaluate(LISTEN)
    patterns.get_by_role("button", name="Do something long").click()
    expect(patterns.locator("[data-notice]")).to_have_text("It is done. This is how the page says so.")
    expect(bar).to_be_hidden()
    shown, heard = patterns.evaluate("[window.shown, window.heard]")
    assert ["5 of 10 pieces are done.", 0.5, True] in shown
    assert len(heard) <= 1, heard  # what is seen at every step is read out each five seconds at most


def test_a_screen_reader_is_given_names_groups_and_table_headers(patterns: Page) -> None:
    whole = tree(patterns)
    groups = {group.name: group for group in whole.all("group")}  # the last of each name: the filled ones
    table = next(groups["Pick rows of a table"].all("table"))
    assert table.name == "Four invented pupils"
    columns = ["Pupil", "Year", "Sessions missed", "Reading score in autumn", "Reading score in summer"]
    assert [each.name for each in table.all("columnheader")] == columns
    assert len(list(table.all("rowheader"))) == 4
    boxes = list(table.all("checkbox"))
    assert [box.name for box in boxes] == ["Pupil 12", "Pupil 15", "Pupil 21", "Pupil 33"]
    assert [box.properties["checked"] for box in boxes] == ["true", "false", "true", "false"]
    items = groups["Put in order"]
    assert [each.name for each in items.all("button")][:2] == ["Move up Assess", "Move down Assess"]
    assert len(list(items.all("listitem"))) == 4
    shares = groups["Share out a budget"]
    assert [box.name for box in shares.all("textbox")] == ["Reading group", "Training", "Books"]
    for box in shares.all("textbox"):
        assert "pounds Too much: 650 pounds more than the 1,000 there are." in box.description
    wrong = [groups[f"{name} (required)"] for name in ("Pick rows of a table", "Put in order", "Share out a budget")]
    assert all("Error:" in group.description for group in wrong)


def test_screens_between_text_leave_address_title_and_focus_alone(lesson: Page, kit: KitServer) -> None:
    assert lesson.evaluate("document.activeElement === document.body")
    assert "Not the title" not in lesson.title()
    lesson.evaluate("location.hash = '#/somewhere'")  # another part of the page asks for a place: not of these screens
    first, second = lesson.locator(".screen").nth(0), lesson.locator(".screen").nth(1)
    expect(first).to_contain_text("Shown: the start")
    second.get_by_role("button", name="Check second").click()
    expect(second).to_contain_text("Shown: feedback")
    expect(second.locator("[data-notice]")).to_have_text("It is checked.")
    expect(second.locator("h3:focus")).to_have_text("Checks of second")
    expect(first).to_contain_text("Shown: the start")
    assert lesson.evaluate("location.hash") == "#/somewhere"
    lesson.evaluate("history.replaceState(null, '', location.pathname)")
    first.get_by_role("checkbox").check()
    until(lambda: kept(kit, "first") == {"first-order": ["review", "assess", "do", "plan"]}, what="saving as it is")
    first.get_by_role("checkbox").uncheck()
    until(lambda: kept(kit, "first") == {"first-order": []}, what="taking the answer back")


def test_both_screens_keep_the_newest_answers_through_a_lost_connection_and_a_reload(
    lesson: Page, kit: KitServer
) -> None:
    both = ("first", "second")
    with stopped(kit, lesson) as go_on:
        for name in both:
            lesson.locator(f"#f-{name}-order").get_by_role("button", name="Move up Plan").click()
            lesson.locator(f"#f-{name}-order").get_by_role("button", name="Move up Plan").click()
            lesson.locator(f"#f-{name}-share-review").fill("30")
        expect(lesson.get_by_role("alert").filter(has_text=LOST)).to_have_count(2)
        assert [each["name"] for each in outbox(lesson)].count("second-order") == 1
        places = lesson.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('senco-outbox:')).sort()")
        assert [place.split("#")[1].split(":")[0] for place in places] == ["lesson%2Ffirst", "lesson%2Fsecond"]
        go_on()
        until(lambda: not outbox(lesson), what="sending again")
    moved = ["review", "plan", "assess", "do"]
    for name in both:
        assert kept(kit, name) == {f"{name}-order": moved, f"{name}-share/review": "30"}
    # Now the page goes before its kernel answers: the next one takes over what each screen had not saved.
    with stopped(kit, lesson):
        for name in both:
            lesson.locator(f"#f-{name}-order").get_by_role("button", name="Move down Review").click()
            lesson.locator(f"#f-{name}-share-review").fill("35")
        lesson.reload()
        both_ready(lesson)
    for name in both:
        expect(lesson.locator(f"#f-{name}-share-left")).to_have_text("Left to share out: 5 of 40 hours.")
        assert order(lesson.locator(f"#f-{name}-order")) == ["Plan", "Review", "Assess", "Do"]
    until(lambda: not outbox(lesson), what="saving what was left")
    for name in both:
        assert kept(kit, name) == {
            f"{name}-order": ["plan", "review", "assess", "do"],
            f"{name}-share/review": "35",
        }


def test_a_lesson_with_two_screens_has_no_faults(lesson: Page) -> None:
    for width, height in ((1280, 900), (320, 256)):
        lesson.set_viewport_size({"width": width, "height": height})
        expect_no_axe_findings(lesson)
        expect_focus_is_seen(lesson)
    expect_all_fits(lesson)
    assert (
        lesson.evaluate(
            "() => { const all = [...document.querySelectorAll('[id]')].map((each) => each.id);"
            " return all.filter((id, at) => all.indexOf(id) !== at); }"
        )
        == []
    )


def test_a_wide_table_scrolls_by_itself_from_its_tick_boxes(patterns: Page) -> None:
    # Axe and the look at 320 pixels: test_accessibility_states.py has the pattern page among its states.
    patterns.set_viewport_size({"width": 320, "height": 600})
    patterns.focus("#f-filled-pick-15")
    patterns.keyboard.press("ArrowRight")
    box = patterns.locator("#f-filled-pick .scroll")
    until(lambda: box.evaluate("box => box.scrollLeft") > 0, what="scrolling")
    assert focused(patterns) == "f-filled-pick-15"
    expect(patterns.locator("#f-filled-pick-15")).to_be_in_viewport(ratio=1)  # it stays in view
    assert patterns.evaluate("document.documentElement.scrollWidth <= innerWidth")
