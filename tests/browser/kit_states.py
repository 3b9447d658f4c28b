"""Every state a page of the kit can be in, with work prepared so that each can be shown at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Page, expect

from senco_kit.standards import read
from senco_kit.standards.model import SPINE
from senco_kit.store import open_store, prepare

#: An invented school that is small enough to be made soon, and large enough for pictures with intervals.
INVENTED = "primary-210-7"

#: What nobody types and some people paste: it must wrap, not push the page wide.
LONG_WORD = "Unterstützungsbedarfsfeststellungsverfahrensbeschreibungen"


def nothing(_page: Page) -> None:
    """Nothing more is done in this state."""


@dataclass(frozen=True)
class State:
    """A place of a page, what is kept when it is opened, and what is done on it before anyone looks."""

    name: str
    path: str
    place: str = ""
    kept: str = "filled"  # or "nothing", "damaged"
    then: Callable[[Page], None] = field(default=nothing)
    media: str = "screen"  # or "print"


def fill(folder: Path) -> dict[str, str]:
    """Put five audits into a work folder: untouched, earlier, full, half and one of another standard; ids by name."""
    store = open_store(folder)
    items = [outcome.id for outcome in read.framework(SPINE).outcomes()]
    earlier = store.create_audit("Autumn 2025", SPINE).id
    for item, standing in zip(items, cycle(["1", "2", "3", "unsure", "4"]), strict=False):
        store.save_rating(earlier, item, "standing", standing)
    full = store.create_audit(f"Autumn 2026 <b>{LONG_WORD}</b>", SPINE, started_from=earlier).id
    for item, standing in zip(items, cycle(["2", "2", "1", "4", "3", "unsure"]), strict=False):
        store.save_rating(full, item, "standing", standing)
    store.save_rating(full, "A1", "matters_now", "yes")
    store.save_rating(full, "B2", "note", f"Ask the head <img src=x> about {LONG_WORD}{LONG_WORD}\nand write it down.")
    for what in ("Governors' minutes", LONG_WORD + LONG_WORD):
        row = store.add_evidence(full, "A1")
        store.save_evidence(row, "what", what)
        store.save_evidence(row, "dated", "24/9/2026")
    store.add_action(full, "A1", f"Read the policy with the head teacher: {LONG_WORD}")
    store.add_action(full, "A3", read.framework(SPINE).outcome("A3").next_steps[0])
    half = store.create_audit("Half", SPINE).id
    for item, standing in zip(items[:8], cycle(["2", "unsure", "3"]), strict=False):
        store.save_rating(half, item, "standing", standing)
    store.save_rating(half, items[0], "matters_now", "yes")
    other = store.create_audit("Another standard", "npq-senco").id
    store.save_rating(other, read.framework("npq-senco").outcomes()[0].id, "standing", "2")
    plan = store.scenarios.create(f"Larger groups <b>{LONG_WORD}</b>", INVENTED).id
    store.scenarios.save_change(plan, "1001001", "group_size", "8")
    store.scenarios.create("Another plan", INVENTED, started_from=plan)
    store.readings.save(INVENTED, "provision-1001001", "keep")
    store.readings.save(INVENTED, "truth-attached-adult", "none")
    untouched = store.create_audit("Untouched", SPINE).id
    assert prepare(folder) is None  # as a start of the kit does: there is a backup now
    return {"untouched": untouched, "earlier": earlier, "full": full, "half": half, "other": other, "plan": plan}


@contextmanager
def kept_instead(folder: Path, kept: str) -> Iterator[None]:
    """For a while the work folder holds something else; pages read it anew for each view."""
    if kept == "filled":
        yield
        return
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        folder.mkdir()
        if kept == "damaged":
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            for file in folder.glob("*.sqlite*"):
                file.write_bytes(b"not a database " * 1000)
        yield
    finally:
        shutil.rmtree(folder)
        aside.rename(folder)


def show_place(page: Page, place: str) -> None:
    """Go to a place of the page that is open, as a link does; the same place again is read anew."""
    shown = page.evaluate(
        """place => {
          const hash = "#/" + place;
          if (location.hash === hash) window.dispatchEvent(new Event("hashchange"));
          else location.hash = hash;
          return document.querySelector(".screen").dataset.shown || "0";
        }""",
        place,
    )
    page.wait_for_function("shown => document.querySelector('.screen').dataset.shown > Number(shown)", arg=shown)


def _start_without_a_name(page: Page) -> None:
    page.fill("input[name=name]", "")
    page.click("button:has-text('Start')")
    page.locator("#errors").wait_for()


def _press(words: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.get_by_role("button", name=words).click()
        expect(page.locator("[data-notice]")).not_to_have_text("")
        page.wait_for_selector(".screen:not([aria-busy])")

    return press


def _make_too_small_a_school(page: Page) -> None:
    page.fill("input[name=pupils]", "5")
    page.get_by_role("button", name="Make it").click()
    page.locator("#errors").wait_for()


def _mistype_minutes(page: Page) -> None:
    page.get_by_label("Minutes").fill("many")
    page.get_by_label("Minutes").blur()
    page.locator(".planned .error:visible").wait_for()


def _with_minutes_as_they_were(page: Page) -> None:
    page.get_by_label("Minutes").fill("")
    expect(page.locator(".planned [data-saved]")).to_contain_text("Saved")


def _remove_a_row_and_mistype_a_date(page: Page) -> None:
    page.locator("#item-A1 [data-remove-row]").first.click()
    page.locator("#item-A1 .date input").fill("some day")
    page.locator("#item-A1 .date input").blur()
    page.locator("#item-A1 .date .error:visible").wait_for()


def _as_it_was(page: Page) -> None:
    page.locator("#item-A1 .date input").fill("24/9/2026")
    page.click("#item-A1 .removed button")
    expect(page.locator("#item-A1 [data-row]")).to_have_count(2)
    expect(page.locator("#item-A1 [data-saved]")).to_contain_text("Saved")


#: What puts a state's own work right again before the next one is shown.
AFTERWARDS: dict[str, Callable[[Page], None]] = {
    "heading with an error and a removed row": _as_it_was,
    "plan with an error": _with_minutes_as_they_were,
}

FRAMEWORK_IDS = tuple(read.frameworks())
HEADING_IDS = tuple(heading.id for heading in read.framework(SPINE).headings)

STATES = (
    State("home, nothing kept", "", kept="nothing"),
    State("home", ""),
    State("home after a press", "", then=_press("Download all my work")),
    State("backups", "", "backups"),
    State("no backups", "", "backups", kept="nothing"),
    State("delete everything", "", "delete"),
    State("home, damaged file", "", kept="damaged"),
    State("standards", "standards"),
    *(State(f"standard {each}", "standards", each) for each in FRAMEWORK_IDS),
    State("no such standard", "standards", "nowhere"),
    State("no audits", "self-audit", kept="nothing"),
    State("audits", "self-audit"),
    State("new, first", "self-audit", "new", kept="nothing"),
    State("new", "self-audit", "new"),
    State("new with an error", "self-audit", "new", then=_start_without_a_name),
    State("overview, untouched", "self-audit", "{untouched}"),
    State("overview, full", "self-audit", "{full}"),
    *(State(f"heading {each}, untouched", "self-audit", f"{{untouched}}/heading/{each}") for each in HEADING_IDS),
    State("heading, half", "self-audit", "{half}/heading/C"),
    State("heading, full", "self-audit", "{full}/heading/B"),
    State(
        "heading with an error and a removed row",
        "self-audit",
        "{full}/heading/A",
        then=_remove_a_row_and_mistype_a_date,
    ),
    State("heading of another standard", "self-audit", "{other}/heading/CL"),
    State("results, empty", "self-audit", "{untouched}/results"),
    State("results, half", "self-audit", "{half}/results"),
    State("results, full", "self-audit", "{full}/results"),
    State("compare", "self-audit", "{full}/compare/{earlier}"),
    State("through another standard", "self-audit", "{full}/through/npq-senco"),
    State("plan, empty", "self-audit", "{half}/plan"),
    State("plan, nothing answered", "self-audit", "{untouched}/plan"),
    State("plan", "self-audit", "{full}/plan"),
    State("report", "self-audit", "{full}/report"),
    State("report, nothing answered", "self-audit", "{untouched}/report"),
    State("delete", "self-audit", "{full}/delete"),
    State("no such audit", "self-audit", "0" * 32),
    State("schools", "provision-map"),
    State("no such school", "provision-map", "nowhere"),
    *(
        State(f"provision map {place or 'of a school'}", "provision-map", f"{INVENTED}/{place}")
        for place in (
            *(
                "",
                "map/3/SEN",
                "provisions",
                "provision/1001001",
                "pupils",
                "adults",
                "adult/1001001",
                "money",
                "report",
            ),
            *("planner", "planner/compare", "planner/share/hours", "read", "read/compare", "how-sure"),
        )
    ),
    State("money of a special school", "provision-map", "special-60-1/money"),
    State("plan with an error", "provision-map", f"{INVENTED}/planner/{{plan}}", then=_mistype_minutes),
    State("invented schools", "invented-schools"),
    State("tables of an invented school", "invented-schools", "special-120"),
    State("make an invented school", "invented-schools", "make"),
    State("make an invented school, with an error", "invented-schools", "make", then=_make_too_small_a_school),
    State("likeness", "invented-schools", "likeness"),
    State("patterns", "patterns"),
    State("patterns, refused", "patterns", then=_press("Do what can't be done")),
    State("patterns, after long work", "patterns", then=_press("Do something long")),
)

#: The same places as they are printed.
ON_PAPER = (
    State("heading on paper", "self-audit", "{full}/heading/A", media="print"),
    State("results on paper", "self-audit", "{full}/results", media="print"),
    State("plan on paper", "self-audit", "{full}/plan", media="print"),
)
