"""The server as a process of its own, asked over HTTP without a browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import psutil  # type: ignore[import-untyped]
import pytest

from senco_kit import __version__

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from serving_fixture import KitServer, alive, free_port, kernels_below, processes_below, until, write_page

CAP = 4
#: Of a page that is run for each visit, so that its kernel is busy with it.
SLOW = "import time; open('slow-is-running', 'w').close(); time.sleep(600)"
PLAIN = "import os; os.write(2, b'noise for the terminal'); print('The page of a test is here.')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_page(folder, "home", "Home of the test", PLAIN, {"title": "Home <b>", "nav": 1})
    write_page(folder, "self-audit", "Audit yourself", "1 / 0  # secret-of-the-source", {"nav": 2})
    write_page(folder, "slow", "Slow", SLOW, {"prepared": False})
    write_page(folder / "below", "deeper", "Deeper", PLAIN)
    (folder / "broken.ipynb").write_text("{", encoding="utf-8")
    (folder / "pupils.csv").write_text("secret-of-the-file", encoding="utf-8")
    (folder / ".hidden.png").write_bytes(b"secret-of-the-file")
    (folder / "picture.png").write_bytes(b"\x89PNG not really")
    (folder.parent / "outside.png").write_bytes(b"secret-of-the-file")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[KitServer]:
    """A kit whose user has Jupyter settings that would break or change everything, if they were heard."""
    home = tmp_path_factory.mktemp("home")
    marker = home / "start-up-file-was-run"
    (home / ".jupyter").mkdir()
    for name in ("jupyter_config.json", "voila.json", "jupyter_server_config.json"):
        for place in (home / ".jupyter", home):
            (place / name).write_text("no settings at all", encoding="utf-8")
    start_up = home / ".ipython" / "profile_default" / "startup"
    start_up.mkdir(parents=True)
    (start_up / "00-mine.py").write_text(f"open({str(marker)!r}, 'w')", encoding="utf-8")
    kernel = home / ".local" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    kit = KitServer()
    kit.start(home, folder, {"SENCO_MAX_KERNELS": str(CAP), "SENCO_CULL_SECONDS": "1"})
    yield kit
    assert kit.stop() == 0
    assert not marker.exists()
    # One line and no log: nothing that the tests asked for stands in the terminal.
    assert len([line for line in kit.said if line]) == 1


def empty(server: KitServer) -> None:
    until(lambda: server.kernels() == 0, 40, "the end of all kernels")
    until(lambda: not kernels_below(server.pid), 10, "the end of their processes")


def test_the_home_page_comes_whole_and_its_look_is_there(server: KitServer) -> None:
    status, headers, page = server.get("/")
    assert status == 200
    assert "The page of a test is here." in page
    assert page.rstrip().endswith("<!-- end of page -->")
    assert "Home &lt;b&gt;" in page
    assert "<b>" not in page
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    for address in re.findall(r'(?:href|src)="(/(?:kit|voila)/[^"]+)"', page):
        status, headers, _ = server.get(address)
        assert (status, "immutable" in headers["Cache-Control"]) == (200, True), address


def test_the_menu_has_the_pages_that_exist(server: KitServer) -> None:
    _, _, page = server.get("/nothing")
    menu = page[page.index("<nav") : page.index("</nav>")]
    assert re.findall(r'href="([^"]+)"', menu) == ["/", "/self-audit"]


#: Addresses of Voila, of Jupyter and of files; one a word.
NOT_SERVED = """
/nothing /below/deeper /below /home.ipynb /self-audit.ipynb /notebooks/home.ipynb /tree /login /logout
/voila/tree /voila/tree/below /voila/render/home.ipynb /voila/api/contents /voila/api/contents/home.ipynb
/api/contents /api/kernels /api/sessions /api/terminals /voila/templates/senco/static/../conf.json
/kit/app.py /kit/../app.py /kit/%2e%2e/app.py /voila/files/ /voila/files/home.ipynb /voila/files/pupils.csv
/voila/files/.hidden.png /voila/files/below /voila/files/../outside.png /voila/files/%2e%2e/outside.png
/voila/files/..%2foutside.png /voila/static/0a/ /voila/static/0a/../../../../etc/passwd
/voila/static/0a/%2e%2e/paths.py
"""


@pytest.mark.parametrize("path", NOT_SERVED.split())
def test_nothing_else_is_served(server: KitServer, path: str) -> None:
    before = server.kernels()
    status, _, page = server.get(path)
    assert status in (403, 404), path
    assert "secret" not in page
    assert "Traceback" not in page
    assert server.kernels() <= before


def test_an_unknown_address_is_a_plain_page_in_the_frame(server: KitServer) -> None:
    status, _, page = server.get("/no-such-page")
    assert status == 404
    assert "<h1>Page not found</h1>" in page
    assert 'id="main"' in page
    assert "<script" not in page


def test_an_image_of_the_folder_is_served(server: KitServer) -> None:
    assert server.get("/voila/files/picture.png")[0] == 200


def test_health_starts_no_kernel(server: KitServer) -> None:
    empty(server)
    for _ in range(20):
        answer = server.health()
        assert (answer["kit"], answer["version"], answer["kernels"]) == ("senco-course-kit", __version__, 0)
        assert answer["free"] == CAP
    assert not kernels_below(server.pid)


@pytest.mark.parametrize("path", ["/", "/health", "/nothing", "/kit/frame.css", "/voila/files/picture.png"])
def test_every_answer_carries_the_safety_headers(server: KitServer, path: str) -> None:
    _, headers, _ = server.get(path)
    rules = headers["Content-Security-Policy"]
    assert "default-src 'self'" in rules
    assert "frame-ancestors 'self'" in rules
    assert "script-src 'self' blob:;" in rules
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    empty(server)


def test_another_host_name_is_refused(server: KitServer) -> None:
    for path in ("/", "/health", "/kit/frame.css"):
        status, _, page = server.get(path, {"Host": "evil.example"})
        assert status == 403, path
        assert "Home" not in page
    assert server.kernels() == 0


def shake_hands(server: KitServer, kernel: str, origin: str | None, then: bytes = b"") -> str:
    """The first line of the server's answer to a websocket handshake, or all that it answers to what is sent `then`."""
    host = server.url.split("/")[2]
    lines = [f"GET /api/kernels/{kernel}/channels HTTP/1.1", f"Host: {host}", "Upgrade: websocket"]
    lines += ["Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
    lines += [f"Origin: {origin}"] if origin else []
    with socket.create_connection(("127.0.0.1", int(host.split(":")[1])), 10) as wire:
        wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        line = wire.recv(4096).split(b"\r\n")[0].decode()
        if not then:
            return line
        wire.sendall(then)
        return b"".join(iter(lambda: wire.recv(4096), b"")).decode("latin-1")


def test_another_site_can_neither_connect_nor_end_a_kernel(server: KitServer) -> None:
    empty(server)
    _, _, page = server.get("/")
    found = re.search(r'"kernelId": "([0-9a-f-]+)"', page)
    assert found
    own = server.url.rstrip("/")
    farewell = Request(
        f"{own}/voila/api/shutdown/{found[1]}", data=b"", headers={"Origin": "http://evil.example"}, method="POST"
    )
    opener = build_opener(ProxyHandler({}))
    with pytest.raises(OSError, match="403"):
        opener.open(farewell, timeout=10)
    assert "403" in shake_hands(server, found[1], "http://evil.example")
    assert "101" in shake_hands(server, found[1], own)
    assert server.kernels() == 1
    with opener.open(Request(farewell.full_url, data=b"", headers={"Origin": own}), timeout=10) as answer:
        assert answer.status == 204
    empty(server)


def test_a_message_that_no_page_sends_is_refused_before_it_comes(server: KitServer) -> None:
    """Only the head of a message goes out here, which says how long the message will be."""
    empty(server)
    _, _, page = server.get("/")
    found = re.search(r'"kernelId": "([0-9a-f-]+)"', page)
    assert found
    head = b"\x81\xff" + (8 * 1024 * 1024 + 1).to_bytes(8, "big") + b"mask"
    assert "message too big" in shake_hands(server, found[1], None, head)
    empty(server)


def test_a_page_that_fails_says_one_plain_sentence(server: KitServer) -> None:
    status, _, page = server.get("/self-audit")
    assert status == 200
    assert page.count('role="alert"') == 1
    assert "Something went wrong in the kit." in page
    status, _, broken = server.get("/broken")
    assert status == 500
    assert "<h1>This page could not be shown</h1>" in broken
    for text in (page, broken):
        assert not re.search(r"Traceback|ZeroDivision|secret-of-the-source|JSONDecode|site-packages", text)
    empty(server)


def test_a_visitor_who_leaves_early_leaves_no_kernel(server: KitServer, folder: Path) -> None:
    empty(server)
    running = folder / "slow-is-running"
    running.unlink(missing_ok=True)
    host = server.url.split("/")[2]
    with socket.create_connection(("127.0.0.1", int(host.split(":")[1])), 10) as wire:
        wire.sendall(f"GET /slow HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        until(running.exists, 30, "the start of the page's code")
    empty(server)


def test_a_crowd_never_passes_the_cap_and_leaves_no_kernel(server: KitServer) -> None:
    empty(server)
    crowd = 40
    ready, answers, most, over = threading.Barrier(crowd), [], [0], threading.Event()

    def visit() -> None:
        ready.wait()
        answers.append(server.get("/"))

    def watch() -> None:
        while not over.is_set():
            most[0] = max(most[0], server.kernels(), len(kernels_below(server.pid)))

    visitors = [threading.Thread(target=visit) for _ in range(crowd)]
    watcher = threading.Thread(target=watch)
    for thread in [watcher, *visitors]:
        thread.start()
    for thread in visitors:
        thread.join()
    over.set()
    watcher.join()
    kinds = Counter(status for status, _, _ in answers)
    assert set(kinds) == {200, 503}
    assert kinds[200] >= CAP
    assert most[0] == CAP
    _, headers, page = next(answer for answer in answers if answer[0] == 503)
    assert int(headers["Retry-After"]) > 0
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "looks by itself every 5 seconds" in page
    assert re.search(r'<a href="/">Try again now</a>', page)
    empty(server)


def test_a_taken_port_is_one_sentence(server: KitServer, tmp_path: Path, folder: Path) -> None:
    other = KitServer()
    other.launch(tmp_path, folder, port=int(server.url.split(":")[2].strip("/")))
    status, said = other.end_of_start()
    assert status == 1
    assert re.fullmatch(r"Port \d+ is taken by another program: choose another with --port.*\n", said)


def test_the_port_of_ones_own_kit_opens_it_before_the_command_ends(
    server: KitServer, tmp_path: Path, folder: Path
) -> None:
    port, browser, opened = server.url.split(":")[2].strip("/"), tmp_path / "browser.py", tmp_path / "opened"
    wait_and_note = "import pathlib, sys, time\ntime.sleep(1)\npathlib.Path(sys.argv[1]).write_text(sys.argv[2])\n"
    browser.write_text(wait_and_note, encoding="utf-8")
    command = [sys.executable, "-m", "senco_kit", "start", "--port", port]
    settings = os.environ | {"SENCO_HOME": str(server.home / "work"), "SENCO_NOTEBOOKS": str(folder)}
    settings |= {"BROWSER": f"{Path(sys.executable).as_posix()} {browser.as_posix()} {opened.as_posix()} %s"}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, f"The kit is already running: Open {server.url}\n")
    assert opened.read_text(encoding="utf-8") == server.url


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS gives itself the address 127.0.0.1 alone")
def test_any_address_of_this_computer_alone_and_a_relative_work_folder(tmp_path: Path) -> None:
    """The kernels, which run in the folder of pages, keep the work where the server does."""
    write_page(tmp_path / "pages", "home", "Home", "from senco_kit import places; print(places.work_folder())")
    kit = KitServer()
    address = kit.start(tmp_path / "home", tmp_path / "pages", {"SENCO_HOME": "mine"}, listen="127.0.0.2")
    try:
        assert re.fullmatch(r"http://127\.0\.0\.2:\d+/", address)
        status, _, page = kit.get("/")
        assert status == 200
        assert f"{(tmp_path / 'home' / 'mine').resolve()}\n" in page
        assert (tmp_path / "home" / "mine").is_dir()
    finally:
        assert kit.stop() == 0


def test_two_persons_and_how_their_servers_end(tmp_path: Path, folder: Path) -> None:
    """A second start finds the first, but not another person's; no kernel outlives its server."""
    first = free_port()
    mine, again, theirs = KitServer(), KitServer(), KitServer()
    try:
        address = mine.start(tmp_path / "mine", folder, port=first)
        again.launch(tmp_path / "mine", folder, first=first)
        assert again.end_of_start() == (0, f"The kit is already running: Open {address}\n")
        assert theirs.start(tmp_path / "theirs", folder, first=first) != address
        mine_kernels, their_kernels = (three_kernels(server) for server in (mine, theirs))
        theirs.kill()
        until(lambda: not any(alive(pid) for pid in their_kernels), 15, "the end of the kernels of a killed server")
        assert all(alive(pid) for pid in mine_kernels)
        assert mine.stop() == 0
        assert not any(alive(pid) for pid in mine_kernels)
    finally:
        theirs.kill()
        mine.kill()


def running_pages(pid: int) -> list[int]:
    """The processes in which a page's cells are run: its kernel, or the template of its kernels."""
    names = {process: psutil.Process(process).name() for process in processes_below(pid)}
    return [*kernels_below(pid), *(process for process, name in names.items() if name == "senco-page")]


def three_kernels(server: KitServer) -> list[int]:
    """The processes of three kernels: two whose page was left, one that is busy with its page."""

    def stay() -> None:
        with suppress(OSError, HTTPException):
            server.get("/slow")

    for _ in range(2):
        server.get("/")
    threading.Thread(target=stay, daemon=True).start()
    return list(until(lambda: (pids := kernels_below(server.pid)) and len(pids) == 3 and pids, 30, "three kernels"))


def test_a_stop_during_the_start_is_heeded(tmp_path: Path) -> None:
    write_page(tmp_path / "pages", "home", "Home", "import time; time.sleep(600)")
    kit = KitServer()
    kit.launch(tmp_path / "home", tmp_path / "pages", port=free_port())
    started = until(lambda: running_pages(kit.pid), 30, "the start of what runs the home page")
    assert kit.stop() == 0
    assert kit.said == []
    assert not any(alive(pid) for pid in started)


@pytest.mark.parametrize(("port", "listen"), [(0, "127.0.0.1"), (70000, "127.0.0.1"), (None, "no.such.host.example")])
def test_where_it_cannot_listen_is_one_sentence(tmp_path: Path, folder: Path, port: int | None, listen: str) -> None:
    kit = KitServer()
    kit.launch(tmp_path, folder, listen=listen, port=port)
    status, said = kit.end_of_start()
    assert status == 1
    assert re.fullmatch(r"(There is no port|The kit cannot listen on).*\n", said)


@pytest.mark.parametrize("listen", ["", " "])
def test_an_empty_address_is_not_taken_for_all_addresses(tmp_path: Path, folder: Path, listen: str) -> None:
    kit = KitServer()
    kit.launch(tmp_path, folder, listen=listen, port=free_port())
    status, said = kit.end_of_start()
    assert status == 1
    assert re.fullmatch(r"The address to listen on is empty: .*\n", said)


def test_a_bad_setting_stops_the_start_with_one_sentence(tmp_path: Path, folder: Path) -> None:
    kit = KitServer()
    kit.launch(tmp_path, folder, {"SENCO_MAX_KERNELS": "lots"})
    status, said = kit.end_of_start()
    assert status == 1
    assert said.count("\n") == 1
    assert "SENCO_MAX_KERNELS must be a whole number" in said


def test_a_home_page_that_fails_is_not_announced(tmp_path: Path) -> None:
    write_page(tmp_path / "pages", "home", "Home", "1 / 0")
    kit = KitServer()
    kit.launch(tmp_path / "home", tmp_path / "pages", port=free_port())
    status, said = kit.end_of_start()
    assert status == 1
    assert "its home page cannot be shown" in said
    assert "Open http" not in said


def test_other_computers_need_the_token(tmp_path: Path, folder: Path) -> None:
    write_page(tmp_path / "pages", "home", "Home", "import os; print([*os.environ.items()])")
    kit = KitServer()
    address = kit.start(tmp_path / "home", tmp_path / "pages", listen="0.0.0.0")
    try:
        found = re.fullmatch(r"http://[^/]+:(\d+)/\?token=(\S+)", address)
        assert found
        port, token = found[1], found[2]
        assert "everyone in this network who has the address below" in kit.said[0]
        kit.url = f"http://127.0.0.1:{port}/"
        for path in ("/", "/?token=wrong", "/nothing", "/voila/files/picture.png", "/voila/api/shutdown/x"):
            status, _, page = kit.get(path)
            assert (status, "needs its token" in page) == (403, True), path
        assert kit.health()["kernels"] == 0
        assert kit.get("/kit/frame.css")[0] == 200
        status, _, page = kit.get("/", {"Cookie": f"senco-{port}={token}"})
        assert status == 200
        assert token not in page
        assert not re.search("QUERY_STRING|SCRIPT_NAME|SENCO_ADDRESS", page)
        for address in ("/", "/nothing"):
            _, _, page = kit.get(address, {"Cookie": f"senco-{port}={token}"})
            footer = page[page.index("<footer") : page.index("</footer>")]
            assert "Others in your network who have its address can open it." in footer, address
            assert "stays on this computer" not in footer
    finally:
        assert kit.stop() == 0
