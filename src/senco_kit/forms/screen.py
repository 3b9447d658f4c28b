"""The widget that shows a page: the page makes HTML in Python, the browser sends back what a person does.

One screen is one anywidget (an ipywidget, so it runs in Voila and JupyterLab). Its ES module, screen.js, draws what it
is given and reports changes; it holds no rules. The messages between the two, all small dictionaries with a "kind":

    from the browser                                   to the browser
    change   number, form, name, value                 saved    number, at, parts
    add_row, remove_row   number, form, name, row      refused  number, says, gone, later
    go       turn, where                               show     turn, where, title, html, focus, says
    press    turn, action, values                      download turn, name, type, says (and the bytes)
    file     turn, action, part, parts (and the bytes) failed   turn, says
    ping                                               pong
                                                       progress turn, done, of, says

Each message from a browser also says who it is "from", and each answer who it is "to": in JupyterLab one kernel may
have several screens open. An answer carries the "number" or the "turn" of what it answers. The "parts" of an answer are
what else has changed on the screen: HTML by the id of the element that it fills. While a press or a file is at work,
any number of "progress" messages may come before its answer.

A page of the kit is one screen, whose places stand in the browser's address. In a lesson several *embedded* screens
stand between the text of one notebook page: each has places of its own, and leaves address, title and focus alone.

In JupyterLab, anywidget loads screen.js, which makes the element. On a page of the kit's own server the whole element
comes with the page (see forms/draw.py), so that it can be read at once; screen.js takes over what is there.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakSet

import anywidget
import traitlets
from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.draw import SCREEN_MIME, draw_screen_parts
from senco_kit.forms.fields import Value

_log = logging.getLogger(__name__)

_HERE = Path(__file__).parent

#: Files are sent in parts of this many bytes at most (screen.js knows it too), because one message may not hold more
#: than the server's limit.
LARGEST_PART = 1_000_000
#: No more parts than this are kept: a file of work is far smaller.
MOST_PARTS = 64


@dataclass(frozen=True)
class View:
    """What the screen shows: a title for the browser's tab, HTML, and the id of the element that gets the focus."""

    title: str
    html: Markup
    focus: str = ""


@dataclass(frozen=True)
class GoTo:
    """An answer to a press: the screen goes to another place of the page, and says a sentence there if there is one.

    `forget` makes the browser forget the unsaved answers that it keeps: everything is to be deleted.
    """

    where: str
    says: str = ""
    forget: bool = False


@dataclass(frozen=True)
class Download:
    """An answer to a press: a file for the person to keep."""

    file_name: str
    media_type: str
    data: bytes
    says: str


Answer = View | GoTo | Download

#: HTML by the id of the element that it fills.
Parts: TypeAlias = Mapping[str, Markup]


#: Takes how much is done, of how much, and a sentence.
Teller: TypeAlias = Callable[[float, float, str], None]


class Page:
    """What a screen asks of a page. A page that asks nothing needs only `view`."""

    _teller: Teller | None = None

    def view(self, where: str) -> View:
        """What to show at a place of the page; "" is the page's start. An unknown place shows a plain sentence."""
        raise NotImplementedError

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Keep one answer, at once. Raises Refused with a sentence when it cannot be kept.

        May return what else changes on the screen: for example a cost that follows from the answer.
        """
        raise Refused("This page keeps no answers.")

    def add_row(self, form: str, table: str, row: str) -> None:
        """Keep a new, empty row; harmless when the row is there already. Raises Refused."""
        raise Refused("This page keeps no rows.")

    def remove_row(self, form: str, table: str, row: str) -> None:
        """Take a row away; harmless when it is gone already. Raises Refused."""
        raise Refused("This page keeps no rows.")

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Do what a button stands for. Raises Refused with a sentence when it cannot be done."""
        raise Refused("This button does nothing here. Reload the page.")

    def take_file(self, action: str, data: bytes) -> Answer:
        """Take a file that the person chose. Raises Refused with a sentence when it cannot be used."""
        raise Refused("This page takes no files.")

    def tell(self, done: float, of: float, says: str) -> None:
        """Show how far the work of a press or a file is: called by `press` and `take_file` while they are at it.

        Meant for pieces of work that a person would wait for, not for each row of a table: every call is a message.
        """
        if self._teller is not None:
            self._teller(done, of, says)

    @contextmanager
    def telling(self, teller: Teller) -> Iterator[None]:
        """For a while, what the page tells goes to this teller."""
        before, self._teller = self._teller, teller
        try:
            yield
        finally:
            self._teller = before


class Gone(Refused):
    """An answer that can never be kept, because what it belongs to was deleted."""


class NotNow(Refused):
    """An answer that cannot be kept at the moment, for a reason outside it, such as a full disk: it is tried again."""


@dataclass
class _Sender:
    """The browser that a message came from, and what its answer must carry so that it is known there."""

    screen: Screen
    marks: dict[str, Any]

    def answer(self, kind: str, buffers: list[bytes] | None = None, **content: Any) -> None:
        message = {"kind": kind, **self.marks, **content}
        self.screen.send({name: _sendable(value) for name, value in message.items()}, buffers=buffers)

    def progress(self, done: float, of: float, says: str) -> None:
        self.answer("progress", done=done, of=of, says=says)


class Screen(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows a `Page` and passes on what the person does. What goes wrong meanwhile is said on the screen.

    An `embedded` screen is one of several on a notebook page. It needs a `name` that no other screen has, for example
    "3-coordinating-provision/before-break": the browser keeps what is not saved yet under it.
    """

    _esm = _HERE / "screen.js"
    _css = _HERE / "screen.css"

    html = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    embedded = traitlets.Bool(False).tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    #: What screen.js makes an element of where none has come with the page.
    parts = traitlets.Unicode().tag(sync=True)
    #: Whether something was done since `html` was made: who shows it again (JupyterLab does) has to ask for it anew.
    stale = traitlets.Bool(False).tag(sync=True)

    def __init__(self, page: Page, *, embedded: bool = False, name: str = "") -> None:
        if embedded and not name:
            raise ValueError("An embedded screen needs a name that no other screen on its page has.")
        first = page.view("")
        super().__init__(
            embedded=embedded,
            name=name or type(page).__name__,
            parts=str(draw_screen_parts()),
            html=str(first.html),
            title=first.title,
        )
        self._page = page
        self._file = _Arriving()
        self.on_msg(self._receive)
        _living.add(self)

    def drawing(self) -> dict[str, Any]:
        """What a page needs to draw this screen; see `senco_kit.forms.draw.draw_screen`."""
        about = {"model": self.model_id, "name": self.name, "embedded": self.embedded}
        return {**about, "title": _sendable(self.title), "html": _sendable(self.html)}

    def draw_again(self) -> None:
        """Make what is shown at first anew. No browser is told: this is for a page that is about to be sent."""
        now = self._page.view("")
        first = {"html": str(now.html), "title": now.title}
        with self._lock_property(**first):  # what ipywidgets does with what a browser has said: it is not sent back
            self.html, self.title = first["html"], first["title"]

    def _repr_mimebundle_(self, **asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, about = super()._repr_mimebundle_(**asked)
        # On a page only: JupyterLab would write a person's answers into the notebook's file when it is saved.
        if "VOILA_KERNEL_ID" in os.environ:
            data[SCREEN_MIME] = self.drawing()
        return data, about

    def _receive(self, _widget: Any, message: object, buffers: list[bytes] | None) -> None:
        about: dict[Any, Any] = message if isinstance(message, dict) else {}
        sender = _Sender(self, _marks(about))
        try:
            self._answer(sender, about, buffers or [])
        except Refused as refusal:
            _refuse(sender, about, str(refusal), isinstance(refusal, Gone), isinstance(refusal, NotNow))
        except Exception as error:
            # The person gets a sentence. The log gets the place in the code, and never what was typed, which may stand
            # in the error's own text.
            place = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("A message failed: %s in %s, line %s", type(error).__name__, place.filename, place.lineno)
            _refuse(
                sender,
                about,
                "Something went wrong in the kit, and this was not done. What was saved before is safe. "
                "Reload the page and try again.",
            )

    def _answer(self, sender: _Sender, message: dict[Any, Any], buffers: list[bytes]) -> None:
        if message.get("kind") not in ("ping", "go"):
            self.stale = True
        match message:
            case {"kind": "change", "form": str(form), "name": str(name), "value": str() | list() as value}:
                _say_saved(sender, self._page.save(form, name, value))
            case {"kind": "add_row", "form": str(form), "name": str(table), "row": str(row)}:
                self._page.add_row(form, table, row)
                _say_saved(sender)
            case {"kind": "remove_row", "form": str(form), "name": str(table), "row": str(row)}:
                self._page.remove_row(form, table, row)
                _say_saved(sender)
            case {"kind": "go", "where": str(where)}:
                _show(sender, where, self._page.view(where))
            case {"kind": "press", "action": str(action), "values": dict(values)}:
                given = {str(name): value for name, value in values.items() if isinstance(value, str)}
                with self._page.telling(sender.progress):
                    answer = self._page.press(action, given)
                self._give(sender, answer)
            case {"kind": "file", "action": str(action), "part": int(part), "parts": int(parts)}:
                whole = self._file.take(sender.marks, part, parts, b"".join(bytes(buffer) for buffer in buffers))
                if whole is not None:
                    with self._page.telling(sender.progress):
                        answer = self._page.take_file(action, whole)
                    self._give(sender, answer)
            case {"kind": "ping"}:
                sender.answer("pong")
            case _:
                raise Refused("The page sent something that the kit does not know. Reload the page.")

    def _give(self, sender: _Sender, answer: Answer) -> None:
        match answer:
            case View():
                _show(sender, None, answer)  # the address stays as it is
            case GoTo(where, says, forget):
                _show(sender, where, self._page.view(where), says, forget)
            case Download(name, kind, data, says):
                sender.answer("download", [data], name=name, type=kind, says=says)


_living: WeakSet[Screen] = WeakSet()


def shown_now() -> dict[str, dict[str, Any]]:
    """Draw every screen of this process anew and give what a page needs of each, by the id of its model.

    For a process that was forked from one whose screens were made a while ago.
    """
    screens = [screen for screen in _living if screen.comm is not None]
    for screen in screens:
        screen.draw_again()
    return {screen.model_id: screen.drawing() for screen in screens}


class _Arriving:
    """A file that comes in parts, one after the other."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._marks: dict[str, Any] = {}

    def take(self, marks: dict[str, Any], part: int, parts: int, data: bytes) -> bytes | None:
        """Take the next part; gives the whole file with the last one. Raises Refused when a part is not the next."""
        if part == 0:
            self._parts, self._marks = [], marks
        fits = part == len(self._parts) < parts <= MOST_PARTS and len(data) <= LARGEST_PART
        if not fits or marks != self._marks:
            self._parts = []
            raise Refused("The file did not arrive whole. Nothing was changed. Choose the file again.")
        self._parts.append(data)
        if len(self._parts) < parts:
            return None
        whole, self._parts = b"".join(self._parts), []
        return whole


def _marks(message: dict[Any, Any]) -> dict[str, Any]:
    """What an answer to this message must carry."""
    marks = {"to": message.get("from"), "number": message.get("number"), "turn": message.get("turn")}
    return {name: mark for name, mark in marks.items() if isinstance(mark, str | int)}


def _refuse(sender: _Sender, message: dict[Any, Any], says: str, gone: bool = False, later: bool = False) -> None:
    if message.get("kind") in ("change", "add_row", "remove_row"):
        sender.answer("refused", says=says, gone=gone, later=later)
    else:
        sender.answer("failed", says=says)


def _sendable(value: Any) -> Any:
    """Half a character (a lone surrogate) can come from a browser but cannot be sent: it becomes a question mark."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _say_saved(sender: _Sender, parts: Parts | None = None) -> None:
    at = datetime.now().strftime("%H:%M")
    if parts:
        sender.answer("saved", at=at, parts={element: str(html) for element, html in parts.items()})
    else:
        sender.answer("saved", at=at)


def _show(sender: _Sender, where: str | None, view: View, says: str = "", forget: bool = False) -> None:
    html = str(view.html)
    sender.answer("show", where=where, title=view.title, html=html, focus=view.focus, says=says, forget=forget)
