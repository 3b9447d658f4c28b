"""The kernel's side of a screen: every message gets its answer, and no message, however shaped, raises."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.draw import SCREEN_MIME, draw_screen, draw_screen_parts
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import (
    LARGEST_PART,
    MOST_PARTS,
    Answer,
    Download,
    Gone,
    GoTo,
    Page,
    Screen,
    View,
    shown_now,
)

SECRET = "Pupil 7 cried today"


class Diary(Page):
    """A page that writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def view(self, where: str) -> View:
        self.asked.append(("view", where))
        return View(f"At {where}", Markup("<h2>{}</h2>").format(where), focus="here")

    def save(self, form: str, name: str, value: Value) -> None:
        self.asked.append(("save", form, name, value))
        if name == "gone":
            raise Gone("It was deleted.")
        if name == "wrong":
            raise Refused("Enter something else.")
        if name == "broken":
            raise ValueError(f"cannot read {value!r}")

    def add_row(self, form: str, table: str, row: str) -> None:
        self.asked.append(("add", form, table, row))

    def remove_row(self, form: str, table: str, row: str) -> None:
        self.asked.append(("remove", form, table, row))

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        self.asked.append(("press", action, dict(values)))
        if action == "file":
            return Download("a.txt", "text/plain", b"bytes", "It is made.")
        if action == "long":
            for done in (1, 2):
                self.tell(done, 2, f"{done} of 2 \ud800")
        if action == "stop":
            self.tell(1, 2, "Half")
            raise Refused("It could not be done.")
        if action == "stay":
            return self.view("stay")
        return GoTo("there", "It is done.")

    def take_file(self, action: str, data: bytes) -> Answer:
        self.asked.append(("file", action, data))
        self.tell(0, len(data), "Reading")
        return GoTo("", f"{len(data)} bytes")


class Desk:
    """A screen with what it sent."""

    def __init__(self, page: Page | None = None) -> None:
        self.page = page or Diary()
        self.screen = Screen(self.page)
        self.sent: list[dict[str, Any]] = []
        self.bytes: list[list[bytes] | None] = []
        self.screen.send = self._note  # what would go to the browser

    def _note(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        json.dumps(content, ensure_ascii=False).encode()  # as Jupyter does: half a character fails here
        self.sent.append(content)
        self.bytes.append(buffers)

    def receive(self, message: object, *buffers: bytes) -> list[dict[str, Any]]:
        """The answers to one message."""
        before = len(self.sent)
        self.screen._handle_custom_msg(message, list(buffers))
        return self.sent[before:]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def change(name: str, value: object = "x", **more: object) -> dict[str, object]:
    return {"kind": "change", "from": "tab", "number": 7, "form": "f", "name": name, "value": value, **more}


def test_change_is_saved_and_answered_with_its_number(desk: Desk) -> None:
    (answer,) = desk.receive(change("note"))
    assert {**answer, "at": ""} == {"kind": "saved", "to": "tab", "number": 7, "at": ""}
    assert desk.page.asked[-1] == ("save", "f", "note", "x")  # type: ignore[attr-defined]


def test_refusals_say_whether_trying_again_can_help(desk: Desk) -> None:
    (wrong,) = desk.receive(change("wrong"))
    (gone,) = desk.receive(change("gone"))
    assert (wrong["kind"], wrong["says"], wrong["gone"]) == ("refused", "Enter something else.", False)
    assert (gone["kind"], gone["says"], gone["gone"]) == ("refused", "It was deleted.", True)


def test_error_in_the_kit_is_said_in_words_and_logged_without_what_was_typed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        (answer,) = desk.receive(change("broken", SECRET))
    assert answer["kind"] == "refused"
    assert "What was saved before is safe" in answer["says"]
    assert "ValueError" in caplog.text
    assert "test_screen.py" in caplog.text
    assert SECRET not in caplog.text


def test_places_buttons_and_files_are_answered_with_their_turn(desk: Desk) -> None:
    (there,) = desk.receive({"kind": "go", "from": "tab", "turn": 3, "where": "a/b"})
    assert there == {
        "kind": "show", "to": "tab", "turn": 3, "where": "a/b",
        "title": "At a/b", "html": "<h2>a/b</h2>", "focus": "here", "says": "", "forget": False,
    }  # fmt: skip
    (done,) = desk.receive({"kind": "press", "from": "tab", "turn": 4, "action": "x", "values": {"a": "1", "b": 2}})
    assert (done["kind"], done["where"], done["says"], done["turn"]) == ("show", "there", "It is done.", 4)
    assert ("press", "x", {"a": "1"}) in desk.page.asked  # type: ignore[attr-defined]
    (stays,) = desk.receive({"kind": "press", "from": "tab", "turn": 5, "action": "stay", "values": {}})
    assert stays["where"] is None
    (file,) = desk.receive({"kind": "press", "from": "tab", "turn": 6, "action": "file", "values": {}})
    assert (file["kind"], file["name"], desk.bytes[-1]) == ("download", "a.txt", [b"bytes"])
    assert desk.receive({"kind": "ping", "from": "tab"}) == [{"kind": "pong", "to": "tab"}]


def test_work_tells_how_far_it_is_to_the_one_who_asked_for_it(desk: Desk) -> None:
    one, two, answer = desk.receive({"kind": "press", "from": "tab", "turn": 4, "action": "long", "values": {}})
    assert one == {"kind": "progress", "to": "tab", "turn": 4, "done": 1, "of": 2, "says": "1 of 2 ?"}
    assert (two["done"], answer["kind"]) == (2, "show")
    half, failed = desk.receive({"kind": "press", "from": "other", "turn": 1, "action": "stop", "values": {}})
    assert (half["kind"], half["to"], failed["kind"], failed["to"]) == ("progress", "other", "failed", "other")
    desk.page.tell(1, 1, "Nobody waits for this.")
    assert desk.sent[-1] == failed


def test_embedded_screen_has_a_name_that_the_browser_keeps_its_answers_under() -> None:
    assert Screen(Diary()).name == "Diary"
    assert not Screen(Diary()).embedded
    embedded = Screen(Diary(), embedded=True, name="3-coordinating-provision/first")
    assert (embedded.embedded, embedded.name) == (True, "3-coordinating-provision/first")
    with pytest.raises(ValueError, match="needs a name"):
        Screen(Diary(), embedded=True)


WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


def test_on_a_page_a_screen_tells_how_to_draw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(Diary(), embedded=True, name="lesson/<first>")
    monkeypatch.setenv("VOILA_KERNEL_ID", "")
    data, _ = screen._repr_mimebundle_()
    assert data[WIDGET_MIME]["model_id"] == screen.model_id
    assert data[SCREEN_MIME] == {
        "model": screen.model_id, "name": "lesson/<first>", "embedded": True, "title": "At ", "html": "<h2></h2>",
    }  # fmt: skip
    drawn = draw_screen(data[SCREEN_MIME])
    assert f'data-model="{screen.model_id}"' in drawn
    assert 'data-name="lesson/&lt;first&gt;"' in drawn
    assert " data-embedded>" in drawn
    assert "<div data-view><h2></h2></div>" in drawn
    assert " data-embedded" not in draw_screen(Screen(Diary()).drawing())


def test_elsewhere_no_answer_gets_into_the_file_of_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOILA_KERNEL_ID", raising=False)
    data, _ = Screen(Diary())._repr_mimebundle_()
    assert set(data) == {WIDGET_MIME, "text/plain"}
    assert "<h2>" not in data["text/plain"]


def test_screens_are_drawn_anew_without_telling_a_browser() -> None:
    class Counting(Page):
        count = 0

        def view(self, where: str) -> View:
            self.count += 1
            return View(f"Time {self.count}", Markup(f"<p>{self.count} \ud800</p>"))

    screens = [Screen(Counting()), Screen(Counting(), embedded=True, name="b"), Screen(Counting())]
    closed = screens[2].model_id
    screens[2].close()
    sent: list[object] = []
    screens[0]._send = screens[1]._send = lambda *message, **_: sent.append(message)
    shown = shown_now()
    assert shown[screens[0].model_id]["html"] == "<p>2 ?</p>"
    assert (shown[screens[1].model_id]["title"], shown[screens[1].model_id]["name"]) == ("Time 2", "b")
    assert closed not in shown
    assert screens[0].html.startswith("<p>2 ")
    assert sent == []
    screens[0].stale = True
    assert len(sent) == 1


def test_the_script_finds_every_part_of_a_screen() -> None:
    script = (Path(draw_screen.__code__.co_filename).parent / "screen.js").read_text(encoding="utf-8")
    found = re.search(r"for \(const part of (\[.*?\])\) this\[part\]", script)
    assert found
    parts = draw_screen_parts()
    assert [part for part in json.loads(found[1]) if f"data-{part}" not in parts] == []
    assert Screen(Diary()).parts == str(parts)


def test_html_made_at_first_is_stale_once_something_was_done(desk: Desk) -> None:
    for harmless in ({"kind": "ping", "from": "tab"}, {"kind": "go", "from": "tab", "turn": 1, "where": ""}):
        desk.receive(harmless)
        assert not desk.screen.stale
    desk.receive(change("note"))
    assert desk.screen.stale


def test_rows_are_added_and_removed(desk: Desk) -> None:
    for kind in ("add_row", "remove_row"):
        (answer,) = desk.receive({"kind": kind, "from": "tab", "number": 1, "form": "f", "name": "t", "row": "r"})
        assert answer["kind"] == "saved"
    assert desk.page.asked[-2:] == [("add", "f", "t", "r"), ("remove", "f", "t", "r")]  # type: ignore[attr-defined]


def test_half_a_character_can_be_answered(desk: Desk) -> None:
    (answer,) = desk.receive({"kind": "go", "from": "tab\udc00", "turn": 1, "where": "\ud800"})
    assert answer["html"] == "<h2>?</h2>"


def test_page_that_asks_nothing_refuses_in_words() -> None:
    class Plain(Page):
        def view(self, where: str) -> View:
            return View("Plain", Markup(""))

    desk = Desk(Plain())
    rows = [{"kind": kind, "form": "f", "name": "t", "row": "r"} for kind in ("add_row", "remove_row")]
    file = {"kind": "file", "action": "x", "part": 0, "parts": 1}
    for message in [change("note"), *rows, {"kind": "press", "action": "x", "values": {}}, file]:
        (answer,) = desk.receive(message, b"")
        assert answer["kind"] in ("refused", "failed")
        assert answer["says"].endswith(".")


def part(number: object, parts: object, **more: object) -> dict[str, object]:
    return {"kind": "file", "from": "tab", "turn": 1, "action": "import", "part": number, "parts": parts, **more}


def test_file_in_parts_is_put_together(desk: Desk) -> None:
    assert desk.receive(part(0, 3), b"a", b"b") == []
    assert desk.receive(part(1, 3), b"c") == []
    progress, answer = desk.receive(part(2, 3), b"d")
    assert (progress["kind"], progress["done"], progress["of"], progress["turn"]) == ("progress", 0, 4, 1)
    assert answer["says"] == "4 bytes"
    assert ("file", "import", b"abcd") in desk.page.asked  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "messages",
    [
        [part(1, 2)],
        [part(0, 3), part(2, 3)],
        [part(0, 3), part(1, 3), part(1, 3)],
        [part(0, 0)],
        [part(-1, 3)],
        [part(0, MOST_PARTS + 1)],
        [part(0, 10**30)],
        [part(0, 2), part(1, 2, turn=2)],
        [part(0, 2), part(1, 2, **{"from": "another tab"})],
    ],
)
def test_file_whose_parts_do_not_fit_is_refused_and_taken_when_sent_again(
    desk: Desk, messages: list[dict[str, object]]
) -> None:
    for message in messages[:-1]:
        assert desk.receive(message, b"x") == []
    (answer,) = desk.receive(messages[-1], b"x")
    assert answer["kind"] == "failed"
    assert "did not arrive whole" in answer["says"]
    *_, answer = desk.receive(part(0, 1), b"whole")
    assert answer["says"] == "5 bytes"


def test_part_that_is_too_large_is_refused(desk: Desk) -> None:
    (answer,) = desk.receive(part(0, 2), b"x" * (LARGEST_PART + 1))
    assert "did not arrive whole" in answer["says"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
kinds = st.sampled_from(["change", "add_row", "remove_row", "go", "press", "file", "ping", "saved", 1, None])
names = st.sampled_from(
    ["from", "number", "turn", "form", "name", "value", "row", "where", "action", "values", "part", "parts"]
)
messages = st.builds(lambda kind, rest: {**rest, "kind": kind}, kinds, st.dictionaries(names, anything, max_size=12))


@given(message=messages | anything, buffers=st.lists(st.binary(max_size=5), max_size=2))
def test_no_message_raises_and_each_but_the_parts_of_a_file_is_answered(message: object, buffers: list[bytes]) -> None:
    answers = Desk().receive(message, *buffers)
    is_part = isinstance(message, dict) and message.get("kind") == "file"
    answers = [each for each in answers if each["kind"] != "progress"]
    assert len(answers) == 1 or is_part
    for answer in answers:
        assert answer["kind"] in ("saved", "refused", "show", "download", "failed", "pong")
        if "says" in answer:
            assert isinstance(answer["says"], str)
