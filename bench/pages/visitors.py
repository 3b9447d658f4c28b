"""Visitors without a browser: each gets the page, connects to its kernel as a page does, and asks its widget things.

They cost next to nothing themselves, so many of them can arrive at one moment.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

#: Seconds that anything may take.
PATIENCE = 300
PROTOCOL = "v1.kernel.websocket.jupyter.org"
_KERNEL = re.compile(r'"kernelId":\s*"([0-9a-f-]{36})"')
_SCREEN = re.compile(r'data-model="([0-9a-f]{32})"')
_WIDGET = re.compile(r'"model_id":\s*"([0-9a-f]{32})"')


@dataclass
class Visitor:
    """One visitor and what they saw; times are seconds since the moment at which all of them set out."""

    times: dict[str, float] = field(default_factory=dict)
    #: What went wrong, in words; empty when nothing did.
    wrong: str = ""
    kernel: str = ""
    model: str = ""
    size: int = 0
    #: Whether the page itself holds controls, before any script has run.
    form_in_page: bool = False
    socket: WebSocketClientConnection | None = None
    _session: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def arrive(self, address: str, begun: float, answer: dict[str, str] | None) -> None:
        """Open the page, connect, ping the widget and, with an answer to give, have it saved."""
        try:
            await asyncio.wait_for(self._arrive(address, begun, answer), PATIENCE)
        except TimeoutError:
            self.wrong = f"not done after {PATIENCE} s, got as far as {list(self.times)}"
        except (HTTPClientError, WebSocketError, OSError, ValueError) as problem:
            self.wrong = f"{type(problem).__name__}: {problem}"

    async def _arrive(self, address: str, begun: float, answer: dict[str, str] | None) -> None:
        def note(what: str) -> None:
            self.times.setdefault(what, time.perf_counter() - begun)

        await self._open_page(address, note)
        await self._connect(address)
        note("connected")
        await self.ask({"kind": "ping"}, "pong")
        note("answered")
        if answer:
            await self.ask({"kind": "change", "number": 1, **answer}, "saved")
            note("saved")

    async def _open_page(self, address: str, note: Any) -> None:
        parts: list[bytes] = []

        def take(part: bytes) -> None:
            note("first byte")
            parts.append(part)

        request = HTTPRequest(address, connect_timeout=PATIENCE, request_timeout=PATIENCE, streaming_callback=take)
        await AsyncHTTPClient().fetch(request)
        page = b"".join(parts).decode("utf-8")
        kernel, model = _KERNEL.search(page), _SCREEN.search(page) or _WIDGET.search(page)
        if kernel is None or model is None or "</html>" not in page:
            raise ValueError("the page is not whole: it names no kernel or no widget, or it does not end")
        note("complete")
        self.kernel, self.model, self.size = kernel[1], model[1], sum(map(len, parts))
        self.form_in_page = '<input type="radio"' in page

    async def _connect(self, address: str) -> None:
        host = urlsplit(address).netloc
        url = f"ws://{host}/api/kernels/{self.kernel}/channels?session_id={self._session}"
        request = HTTPRequest(url, connect_timeout=PATIENCE, request_timeout=PATIENCE)
        self.socket = await websocket_connect(request, subprotocols=[PROTOCOL])

    async def ask(self, content: dict[str, Any], kind: str) -> None:
        """Send the widget a message and wait for its answer of this kind. Raises ValueError when it cannot come."""
        assert self.socket is not None
        await self.socket.write_message(self._message({**content, "from": self._session}), binary=True)
        while True:
            said = await self.socket.read_message()
            if not isinstance(said, bytes):
                raise ValueError("the connection was closed")
            got = self._content(said)
            if got.get("kind") == kind:
                return
            if got.get("kind") in ("failed", "refused"):
                raise ValueError(f"the widget says: {got.get('says')}")

    def _message(self, content: dict[str, Any]) -> bytes:
        header = {
            "msg_id": uuid.uuid4().hex,
            "session": self._session,
            "username": "",
            "date": datetime.now(UTC).isoformat(),
            "msg_type": "comm_msg",
            "version": "5.3",
        }
        data = {"comm_id": self.model, "data": {"method": "custom", "content": content}}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": data}
        return bytes(serialize_msg_to_ws_v1(message, "shell", lambda part: json.dumps(part).encode()))

    def _content(self, said: bytes) -> dict[str, Any]:
        """What the widget says in a message; nothing when it is a message of another kind."""
        _, parts = deserialize_msg_from_ws_v1(said)
        header, content = json.loads(parts[0]), json.loads(parts[3])
        if header.get("msg_type") != "comm_msg" or content.get("comm_id") != self.model:
            return {}
        data: dict[str, Any] = content["data"]
        found: dict[str, Any] = data.get("content", {}) if data.get("method") == "custom" else {}
        return found

    async def leave(self, address: str) -> None:
        """As a browser that closes the page: the connection ends, and the farewell is sent."""
        if self.socket is not None:
            self.socket.close()
        if self.kernel:
            farewell = f"http://{urlsplit(address).netloc}/voila/api/shutdown/{self.kernel}"
            # A browser gets this token with a later request of Voila's page; any will do that is sent in both places.
            headers = {"Cookie": f"_xsrf={self._session}"}
            request = HTTPRequest(farewell, "POST", headers, f"_xsrf={self._session}", request_timeout=PATIENCE)
            try:
                await AsyncHTTPClient().fetch(request)
            except (HTTPClientError, OSError) as problem:
                self.wrong = self.wrong or f"the farewell was not taken: {problem}"


def unlimited() -> None:
    """Let as many visitors ask at one moment as there are."""
    AsyncHTTPClient.configure(SimpleAsyncHTTPClient, max_clients=1000)


async def arrive_together(address: str, count: int, answers: Sequence[dict[str, str] | None]) -> list[Visitor]:
    """So many visitors at one moment; each gives their own answer."""
    visitors = [Visitor() for _ in range(count)]
    begun = time.perf_counter()
    await asyncio.gather(
        *(visitor.arrive(address, begun, answer) for visitor, answer in zip(visitors, answers, strict=True))
    )
    return visitors


async def ping_together(visitors: Sequence[Visitor]) -> list[float]:
    """Ask every widget at one moment whether it is there; the seconds until each of those that do so answered."""

    async def ping(visitor: Visitor) -> float | None:
        begun = time.perf_counter()
        try:
            await asyncio.wait_for(visitor.ask({"kind": "ping"}, "pong"), 60)
        except (TimeoutError, WebSocketError, OSError, ValueError):
            return None
        return time.perf_counter() - begun

    live = [visitor for visitor in visitors if visitor.socket is not None and not visitor.wrong]
    found = await asyncio.gather(*(ping(visitor) for visitor in live))
    return [seconds for seconds in found if seconds is not None]


async def leave_together(address: str, visitors: Sequence[Visitor]) -> None:
    """All close their page."""
    await asyncio.gather(*(visitor.leave(address) for visitor in visitors))
