"""Every state of the Leading page, with the finished example prepared and an empty cycle beside it."""

from __future__ import annotations

from pathlib import Path

from kit_states import LONG_WORD, State
from playwright.sync_api import Page

from senco_kit.pages.leading_rooms import ROOMS
from senco_kit.pages.provision_map_data import open_school
from senco_kit.planning.example import SCHOOL, example_cycle
from senco_kit.store import open_store


def fill_leading(folder: Path) -> dict[str, str]:
    """Put the finished example and an empty cycle into a work folder; ids by name."""
    school = open_school(SCHOOL)
    store = open_store(folder)
    example = store.cycles.keep(example_cycle(school.data, school.tables or {}))
    first = {kind: example.of(kind)[0].id for kind in ("finding", "voice", "staff", "training", "observation", "why")}
    first |= {kind: example.of(kind)[0].id for kind in ("slot", "slip", "pupil-view", "parent-view")}
    reviewed = next(one for one in example.of("objective") if example.reviews_of(one.id))
    store.cycles.save(example.id, first["finding"], "where_from", LONG_WORD * 3)
    empty = store.cycles.create(f"Next year {LONG_WORD}")
    return {"example": example.id, "empty": empty.id, "objective": reviewed.id, **first}


def _start_without_a_name(page: Page) -> None:
    page.fill("input[name=name]", "")
    page.get_by_role("button", name="Start").click()
    page.locator("#errors").wait_for()


def _places(cycle: str, *places: str) -> tuple[State, ...]:
    return tuple(State(f"{cycle}, {place or 'overview'}", "leading", f"{{{cycle}}}/{place}") for place in places)


_ROOMS = tuple(room.place for rooms in ROOMS.values() for room in rooms)

LEADING_STATES = (
    State("no cycles", "leading", kept="nothing"),
    State("cycles", "leading"),
    State("start a cycle", "leading", "new"),
    State("start a cycle without a name", "leading", "new", then=_start_without_a_name),
    State("what the example is", "leading", "example"),
    # What an empty room says is much the same in each: those that ask for most are enough.
    *_places("empty", "", "review", "staff", "support", "findings", "plan", "documents/inclusion-strategy"),
    *_places("example", "", "name", "delete", *_ROOMS),
    *_places(
        "example",
        *("review/area/1", "review/voices", "review/voices/{voice}", "review/differences"),
        *("causes/{why}", "causes/attendance", "money/two-ways"),
        *("voice/pupils", "voice/parents", "voice/pupils/fill/{pupil-view}", "voice/pupils/paper"),
        *("observations/{observation}", "observations/patterns"),
        *("staff/{staff}", "staff/training", "staff/gaps", "staff/matrix", "staff/pupils", "staff/excel"),
        *("support/checks", "support/day/1", "support/{slot}", "support/slips", "support/{slip}", "support/objectives"),
        *("inspection/story", "inspection/assessment"),
        *("findings/{finding}", "findings/from-audit", "findings/from-provision"),
        *("plan/{objective}", "plan/{objective}/reviews", "plan/timeline", "swot/{objective}"),
        *(
            f"documents/{document}"
            for document in (
                *("inclusion-strategy", "sen-information-report", "governors-report"),
                *("review-summary", "plan-on-a-page"),
            )
        ),
    ),
)

LEADING_ON_PAPER = tuple(
    State(f"{place} on paper", "leading", f"{{example}}/{place}", media="print")
    for place in ("review/form/governor", "voice/pupils/print", "support/slips/print", "observations/blank")
)
