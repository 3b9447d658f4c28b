"""The widget that shows a page: the page makes HTML in Python, the browser sends back what a person does.

One screen is one anywidget (an ipywidget, so it runs in Voila and JupyterLab). Its ES module, screen.js, draws what it is
given and reports changes; it holds no rules. The messages between the two, all small dictionaries with a "kind":

    from the browser                                   to the browser
    change   number, form, name, value                 saved    number, at
    add_row, remove_row   number, form, name, row      refused  number, says
    go       where                                     show     where, title, html, focus
    press    action, values                            download name, type, says (and the bytes)
    file     action, part, parts (and the bytes)       failed   says
    ping                                               pong
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import Value

_log = logging.getLogger(__name__)

_HERE = Path(__file__).parent

#: Files are sent in parts of this many bytes at most (screen.js knows it too), because one message may not hold more than
#: the server's limit.
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
    """An answer to a press: the screen goes to another place of the page, and says a sentence there if there is one."""

    where: str
    says: str = ""


@dataclass(frozen=True)
class Download:
    """An answer to a press: a file for the person to keep."""

    file_name: str
    media_type: str
    data: bytes
    says: str


Answer = View | GoTo | Download


class Page:
    """What a screen asks of a page. A page that asks nothing needs only `view`."""

    def view(self, where: str) -> View:
        """What to show at a place of the page; "" is the page's start. An unknown place shows a plain sentence."""
        raise NotImplementedError

    def save(self, form: str, name: str, value: Value) -> None:
        """Keep one answer, at once. Raises Refused with a sentence when it cannot be kept."""
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


class Screen(anywidget.AnyWidget):
    """Shows a `Page` and passes on what the person does. Raises nothing: what goes wrong is said on the screen."""

    _esm = _HERE / "screen.js"
    _css = _HERE / "screen.css"

    html = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._parts: list[bytes] = []
        first = page.view("")
        self.html, self.title = str(first.html), first.title
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: dict[str, Any], buffers: list[bytes]) -> None:
        try:
            self._answer(message, buffers)
        except Refused as refusal:
            self._refuse(message, str(refusal))
        except Exception:
            # The person gets a sentence; the log gets the place in the code, never what was typed.
            _log.error("A %s message failed", message.get("kind"), exc_info=True)
            self._refuse(
                message,
                "Something went wrong in the kit, and this was not done. What was saved before is safe. "
                "Reload the page and try again.",
            )

    def _refuse(self, message: dict[str, Any], says: str) -> None:
        if message.get("kind") in {"change", "add_row", "remove_row"}:
            self.send({"kind": "refused", "number": message.get("number"), "says": says})
        else:
            self.send({"kind": "failed", "says": says})

    def _answer(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        match message:
            case {"kind": "change", "number": number, "form": form, "name": name, "value": value}:
                self._page.save(form, name, value)
                self._say_saved(number)
            case {"kind": "add_row", "number": number, "form": form, "name": table, "row": row}:
                self._page.add_row(form, table, row)
                self._say_saved(number)
            case {"kind": "remove_row", "number": number, "form": form, "name": table, "row": row}:
                self._page.remove_row(form, table, row)
                self._say_saved(number)
            case {"kind": "go", "where": where}:
                self._show(where, self._page.view(where))
            case {"kind": "press", "action": action, "values": values}:
                self._give(self._page.press(action, values))
            case {"kind": "file", "action": action, "part": part, "parts": parts}:
                self._take_part(action, part, parts, b"".join(bytes(buffer) for buffer in buffers))
            case {"kind": "ping"}:
                self.send({"kind": "pong"})
            case _:
                raise Refused("The page sent something that the kit does not know. Reload the page.")

    def _say_saved(self, number: int) -> None:
        self.send({"kind": "saved", "number": number, "at": datetime.now().strftime("%H:%M")})

    def _show(self, where: str | None, view: View, says: str = "") -> None:
        self.send(
            {
                "kind": "show",
                "where": where,
                "title": view.title,
                "html": str(view.html),
                "focus": view.focus,
                "says": says,
            }
        )

    def _give(self, answer: Answer) -> None:
        match answer:
            case View():
                self._show(None, answer)  # the address stays as it is
            case GoTo(where, says):
                self._show(where, self._page.view(where), says)
            case Download():
                about = {"name": answer.file_name, "type": answer.media_type, "says": answer.says}
                self.send({"kind": "download", **about}, buffers=[answer.data])

    def _take_part(self, action: str, part: int, parts: int, data: bytes) -> None:
        if part == 0:
            self._parts = []
        if parts > MOST_PARTS or part != len(self._parts) or len(data) > LARGEST_PART:
            self._parts = []
            raise Refused("The file did not arrive whole. Nothing was changed. Choose the file again.")
        self._parts.append(data)
        if len(self._parts) == parts:
            whole, self._parts = b"".join(self._parts), []
            self._give(self._page.take_file(action, whole))
