"""What the page is sent holds no answer before a quick check is checked or an assignment is marked.

Everything that the browser gets is recorded: each frame of the WebSocket, and the body of each HTTP answer.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from answering import one_person, outbox, ready, store_of
from kit_states import show_place
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

from senco_kit.course import assignment, read
from senco_kit.course.exercise import open_exercise
from senco_kit.course.model import Module
from serving_fixture import KitServer, until

SCHOOL = "exercise-primary-420-7"
#: Names of parts that only a key has; what a screen is sent has its own "says".
KEY_PARTS = (
    *("explains", "otherwise", "misconception", "misconceptions", "worth", "tolerance", "slips", "rules"),
    *("at_least", "at_most", "look_for", "right"),
)

Plain = dict[str, Any]


class Traffic:
    """What one tab of the course was sent, as it came."""

    def __init__(self, context: BrowserContext, kit: KitServer) -> None:
        self.frames: list[str] = []
        self._answers: list[Response] = []
        self.page = context.new_page()
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        self.page.on("response", lambda answer: self._answers.append(answer))
        self.page.goto(f"{kit.url.rstrip('/')}/course")
        ready(self.page)

    def _frame(self, data: str | bytes) -> None:
        self.frames.append(_text(data))

    def bodies(self) -> list[str]:
        """What came over HTTP, but for the programs and styles that every page has."""
        kinds = ("script", "stylesheet", "image", "font")
        shown = [each for each in self._answers if each.status == 200 and each.request.resource_type not in kinds]
        return [_text(each.body()) for each in shown]


def _text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", "replace")


def read_out(sent: str) -> str:
    """The words in what was sent: without what JSON and HTML add to them."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), sent)
    plain = plain.replace("\\n", " ").replace('\\"', '"')
    return " ".join(html.unescape(re.sub(r"</?[a-z][^>]*>", "", plain)).split())


def pieces(sentence: str) -> list[str]:
    """The longer pieces of a text between what Markdown and typography may change: they are its own."""
    found = [piece.strip() for piece in re.split(r"[*_`{}\[\]<>“”‘’'\"&\n]", sentence)]
    return [piece for piece in found if len(piece) >= 30]


def secrets_of(module: Module, keys: dict[str, Plain]) -> Iterator[str]:
    """Every sentence that a key of these questions holds, and what the marker of written answers looks for."""
    for key in keys.values():
        for part in [key, *key.get("options", {}).values(), *key.get("slips", []), *key.get("rules", [])]:
            for name in ("says", "explains", "otherwise"):
                if part.get(name):
                    yield from pieces(part[name])
    for question in module.assignment:
        for line in question.rubric:
            yield from pieces(line.look_for)


def figures(keys: dict[str, Plain]) -> dict[str, str]:
    """The right numbers that are no coincidence, each in the ways it may be written, with the question."""
    found = {}
    for name, key in keys.items():
        value = float(key["answer"]) if key["type"] == "number" else 0.0
        for written in (repr(value), repr(value)[:8], f"{value:,.2f}", f"{value:.2f}", f"{value:,.0f}", f"{value:.0f}"):
            plain = written.replace(",", "")
            if abs(float(plain) - value) < 0.01 and len(plain.replace(".", "").strip("0")) >= 4:
                found[written] = name
    return found


def answer_wrongly(field: Locator) -> None:
    """Some answer: the first of what there is to choose, to tick, to move or to type in."""
    match (field.get_attribute("data-kind"), "share-out" in str(field.get_attribute("class"))):
        case ("one" | "many", _):
            field.locator("input").first.check()
        case ("order", _):
            field.get_by_role("button", name="Move down").first.click()
        case (_, True):
            field.locator("input").first.fill("1")
        case _:
            field.fill("1")


def answer_all(page: Page, forms: str) -> int:
    """Answer every question in view of these forms; how many there were."""
    fields = page.locator(f"[data-form='{forms}'] :is(fieldset.field, :not(fieldset .box) > [data-kind=text])")
    for field in fields.all():
        answer_wrongly(field)
    return fields.count()


@pytest.fixture(scope="module")
def traffic(browser: Browser, kit: KitServer) -> Iterator[Traffic]:
    """A tab on the course page that is listened to; its person has chosen a school that every run has."""
    store_of(kit).course.set_setting("own-school", SCHOOL)
    with one_person(browser, 30) as context:
        yield Traffic(context, kit)


#: Every type of question is in this one; the others go through the same code.
@pytest.mark.parametrize("module", read.modules()[2:3], ids=lambda module: module.id)
def test_no_answer_is_sent_before_it_is_asked_for(traffic: Traffic, module: Module) -> None:
    lesson = open_exercise(module.lesson_school)
    keys = {check.id: assignment.key(module, check, lesson) for check in module.checks}
    keys |= assignment.keys(module, SCHOOL)
    page, asked = traffic.page, 0
    traffic.frames.clear()
    for section in module.sections:
        show_place(page, f"{module.id}/{section.id}")
        asked += answer_all(page, f"checks/{module.id}")
    show_place(page, module.id)
    page.get_by_role("button", name="Start my own assignment").click()
    page.wait_for_url("**#/work/**")
    for question in module.assignment:
        show_place(page, f"work/own-{module.id}/question/{question.id}")
        asked += answer_all(page, f"assignment/own-{module.id}")
    show_place(page, f"work/own-{module.id}/hand-in")
    until(lambda: not outbox(page), what="saving")
    assert asked == len(module.checks) + len(module.assignment)

    sent = "\n".join(traffic.frames)
    words = read_out(sent)
    for shown in (module.checks[0].prompt, module.assignment[0].prompt):
        assert all(piece in words for piece in pieces(shown))  # it is what is looked through
    assert [each for each in secrets_of(module, keys) if each in words] == []
    assert [part for part in KEY_PARTS if re.search(rf'"{part}": ?(?! ?null)', words)] == []
    assert [each.id for each in module.misconceptions if re.search(rf"""["']{each.id}\\?["']""", sent)] == []
    numbers = set(re.findall(r"[\d.,]*\d", words))
    assert {each: name for each, name in figures(keys).items() if each in numbers} == {}
    over_http = "\n".join(traffic.bodies())
    assert [each for each in secrets_of(module, keys) if each in over_http] == []
