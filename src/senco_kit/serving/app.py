"""The server: Voila over the kit's notebooks alone; every setting is made here, none by Jupyter's own files."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import re
import secrets
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from senco_kit.kernels import templates
from senco_kit.places import NOTEBOOKS, FolderProblem, work_folder
from senco_kit.serving import site
from senco_kit.serving.frame import PAGE_END, PAGE_FAILED, TEMPLATES, kit_fingerprint
from senco_kit.serving.gate import Gate, is_this_computer
from senco_kit.serving.limits import Limits, SettingProblem, limits

if TYPE_CHECKING:
    from senco_kit.serving.voila_app import SencoVoila

FIRST_PORT = 8866
PORTS_TO_TRY = 10
#: Seconds after which a home page that has not come is given up.
LONGEST_HOME_PAGE = 180
#: Seconds that the browser is given to open when there is nothing else to stay for.
LONGEST_OPENING = 10
#: Seconds that open connections are given when the server stops.
LONGEST_FAREWELL = 3


class CannotStart(Exception):
    """The server cannot start; its text is one sentence for the reader."""


def serve(port: int | None, listen: str, open_browser: bool) -> int:
    """Serve the kit until it is stopped; returns the exit status (0: stopped or already running, 1: could not start).

    port: the port to use, or None for 8866 or one of the next few. listen: the address to listen on; with another
    than this computer's own a token is made and asked for. Everything is said in sentences on standard output.
    """
    try:
        return _serve(port, listen, open_browser)
    except (CannotStart, SettingProblem, FolderProblem) as problem:
        print(problem, flush=True)
        return 1
    except KeyboardInterrupt:
        return 0


def _serve(port: int | None, listen: str, open_browser: bool) -> int:
    chosen = limits()
    folder = _notebooks()
    door = _find_door(port, listen)
    if isinstance(door, str):
        print(f"The kit is already running: Open {door}", flush=True)
        if open_browser:
            _open_browser(door).join(LONGEST_OPENING)
        return 0
    _prepare_store()
    with tempfile.TemporaryDirectory(prefix="senco-", ignore_cleanup_errors=True) as scratch:
        app = _voila(folder, Path(scratch), chosen)
        return asyncio.run(_run(app, door, open_browser))


@dataclass(frozen=True)
class Door:
    """Where the server listens."""

    sockets: list[socket.socket]
    listen: str
    port: int
    #: Made when other computers can reach the server; None when they cannot.
    token: str | None

    @property
    def own_host(self) -> str:
        """The host by whose name this computer reaches the server."""
        return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.listen, _in_address(self.listen))

    @property
    def own_address(self) -> str:
        """The address at which this computer reaches the server."""
        return f"http://{self.own_host}:{self.port}/"

    @property
    def address(self) -> str:
        """The address to give to people."""
        if self.token is None:
            return self.own_address
        host = _address_in_the_network() if self.listen in ("0.0.0.0", "::") else _in_address(self.listen)
        return f"http://{host}:{self.port}/?token={self.token}"


def _notebooks() -> Path:
    """The folder of pages; SENCO_NOTEBOOKS names another one, for tests and for authors."""
    folder = Path(os.environ.get("SENCO_NOTEBOOKS", "").strip() or NOTEBOOKS).resolve()
    if not (folder / "home.ipynb").is_file():
        raise CannotStart(f"The home page is missing: there is no file home.ipynb in {folder}. Get the kit anew.")
    return folder


def _find_door(port: int | None, listen: str) -> Door | str:
    """Listen on the first free port; the address instead when this person's kit already answers on one of them."""
    if port is not None and not 1 <= port <= 65535:
        raise CannotStart(f"There is no port {port}: choose one from 1 to 65535 with --port, or leave --port out.")
    if not listen.strip():
        # Python would take it for every address that this computer has.
        raise CannotStart("The address to listen on is empty: write one after --listen, or leave --listen out.")
    private = is_this_computer(listen)
    token = None if private else secrets.token_urlsafe(24)
    for number in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        sockets = _listen_on(number, listen)
        if sockets:
            return Door(sockets, listen, number, token)
        address = Door([], listen, number, None).own_address
        if private and _our_kit_answers(address):
            return address
    if port is not None:
        raise CannotStart(f"Port {port} is taken by another program: choose another with --port, or leave --port out.")
    raise CannotStart(
        f"The ports {FIRST_PORT} to {FIRST_PORT + PORTS_TO_TRY - 1} are all taken: choose another with --port."
    )


def _listen_on(port: int, listen: str) -> list[socket.socket]:
    """The sockets that listen there; none when the port is taken. Raises CannotStart for any other hindrance."""
    try:
        return bind_sockets(port, listen)
    except OSError as problem:
        if problem.errno in _TAKEN:
            return []
        raise CannotStart(
            f"The kit cannot listen on the address {listen!r}, port {port} ({problem.strerror}): "
            "leave both out, and it serves this computer alone on a port of its own choice."
        ) from problem
    except UnicodeError as problem:
        raise CannotStart(f"The address {listen!r} is not one that the kit can listen on: leave it out.") from problem


#: Port in use; Windows says "not permitted" of a port that another program holds.
_TAKEN = {errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)}
if sys.platform == "win32":
    _TAKEN |= {errno.EACCES, errno.WSAEACCES}


def _our_kit_answers(address: str) -> bool:
    try:
        # Long enough for a kit that is just starting: it listens before it answers.
        _, body = _fetch(address + "health", seconds=15)
        answer = json.loads(body)
    except (OSError, ValueError, HTTPException):
        return False
    return isinstance(answer, dict) and answer.get("place") == kit_fingerprint()


def _fetch(address: str, seconds: float, cookie: str = "") -> tuple[int, str]:
    """Status and text at an address of this computer; never by way of a proxy."""
    request = Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=seconds) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode("utf-8", "replace")


def _prepare_store() -> None:
    """Bring the store up to date and back it up; when that fails the pages say so too, so the kit still starts."""
    from senco_kit import store

    problem = store.prepare()
    if problem:
        print(problem, flush=True)


def _voila(folder: Path, scratch: Path, chosen: Limits) -> SencoVoila:
    """Voila, set up so that Jupyter's settings and files of this computer's user have no part in it."""
    own_environment = dict(os.environ)
    data = scratch / "data"
    data.mkdir()
    os.environ["JUPYTER_NO_CONFIG"] = "1"
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["JUPYTER_DATA_DIR"] = str(data)
    os.environ["JUPYTER_PATH"] = str(TEMPLATES.parents[2])
    _quieten()

    # Kernels run in the folder of pages: a path that counts from the server's own folder would lead elsewhere there.
    own_environment |= {"IPYTHONDIR": str(_ipython_folder(scratch)), "SENCO_HOME": str(work_folder())}
    # The template imports what kernels need while this process imports what the server needs.
    threading.Thread(target=templates.OURS.make, args=(own_environment,), daemon=True).start()

    # jsonschema would import this to check one kind of address that nothing here has; it takes a second to import.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from senco_kit.serving.voila_app import SencoVoila

    app: SencoVoila = SencoVoila.instance()
    app.prepare(folder, scratch, chosen, own_environment)
    return app


def _ipython_folder(scratch: Path) -> Path:
    """An IPython set-up for the kernels: none of the user's start-up files, and nothing written down."""
    profile = scratch / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text("c.HistoryManager.enabled = False\n", encoding="utf-8")
    return profile.parent


def _quieten() -> None:
    """Keep the libraries' messages out of the terminal; SENCO_DEBUG=1 lets them through."""
    if os.environ.get("SENCO_DEBUG", "").strip() in ("", "0"):
        logging.getLogger().addHandler(logging.NullHandler())
    else:
        logging.basicConfig(level=logging.INFO)


async def _run(app: SencoVoila, door: Door, open_browser: bool) -> int:
    gate = Gate(door.port, door.token, door.own_host)
    server = HTTPServer(app.application(gate), max_body_size=1024 * 1024)
    server.add_sockets(door.sockets)
    stopped = _stop_on_signals()
    try:
        ready = asyncio.ensure_future(_home_page_opens(app, gate, door))
        waiting = asyncio.ensure_future(stopped.wait())
        await asyncio.wait({ready, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not stopped.is_set():
            ready.result()
            _announce(door, open_browser)
            app.prepared.prepare_all(site.menu(Path(app.root_dir)))
        await waiting
    finally:
        server.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(server.close_all_connections(), LONGEST_FAREWELL)
        await app.room.end_all()
        await app.prepared.close()
    return 0


async def _home_page_opens(app: SencoVoila, gate: Gate, door: Door) -> None:
    """Ask for the home page as a browser would, and end its kernel again."""
    home = site.pages(Path(app.root_dir))[site.HOME]
    await app.prepared.prepare(home)
    cookie = f"{gate.cookie}={door.token}" if door.token else ""
    try:
        status, text = await asyncio.to_thread(_fetch, door.own_address, LONGEST_HOME_PAGE, cookie)
    except (OSError, HTTPException) as problem:
        raise CannotStart(f"The kit started, but its home page does not answer: {problem}.") from problem
    kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', text)
    if kernel:
        await app.room.end(kernel[1])
    if status == 503:
        raise CannotStart(
            "This computer has too little free memory for a page of the kit: close other programs, then start it again."
        )
    if status != 200 or PAGE_END not in text or f'role="alert">{PAGE_FAILED}' in text:
        raise CannotStart(
            "The kit started, but its home page cannot be shown. Start it again with the setting SENCO_DEBUG=1 "
            "to see why, and send what it prints to whoever looks after the kit."
        )


def _announce(door: Door, open_browser: bool) -> None:
    if door.token is not None:
        print(
            f"The kit listens on {door.listen}: everyone in this network who has the address below, with its token, "
            "can now open it and see and change your work. What they send is not encrypted.",
            flush=True,
        )
    print(f"Open {door.address}", flush=True)
    if open_browser:
        _open_browser(door.address)


def _open_browser(address: str) -> threading.Thread:
    # In a thread of its own: some systems wait there until the browser is closed.
    opening = threading.Thread(target=webbrowser.open, args=(address,), daemon=True)
    opening.start()
    return opening


def _stop_on_signals() -> _Stop:
    loop = asyncio.get_running_loop()
    stop = _Stop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


class _Stop(asyncio.Event):
    """Set when the server is to stop."""

    async def wait(self) -> Literal[True]:
        """Wait for it; on Windows a waiting loop does not notice Ctrl-C, so it looks up every second."""
        while sys.platform == "win32" and not self.is_set():
            await asyncio.sleep(1)
        return await super().wait()


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _address_in_the_network() -> str:
    """This computer's address as others see it."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            # Connecting a datagram socket sends nothing; it only asks the system which way it would go.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()
