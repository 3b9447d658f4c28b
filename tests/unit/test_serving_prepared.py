"""Pages that are ready before anyone asks: a real server, its templates and its kernels, asked over HTTP."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import psutil  # type: ignore[import-untyped]
import pytest

from senco_kit.kernels.settings import can_fork
from senco_kit.serving.kernel_room import KernelRoom
from senco_kit.store import open_store

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from serving_fixture import KitServer, alive, kernels_below, processes_below, until, write_page

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no fork")

CROWD = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("pages")
    write_page(pages, "home", "Home", "print('home')")
    write_page(pages, "audit", "Audit", "from senco_kit import pages\npages.self_audit()", {"nav": 1})
    write_page(pages, "each", "Each", "import uuid\nprint('visit', uuid.uuid4().hex)", {"nav": 2, "prepared": False})
    return pages


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KitServer]:
    kit = KitServer()
    kit.start(tmp_path_factory.mktemp("home"), folder, {"SENCO_MAX_KERNELS": "40"})
    is_ready(kit, "audit")
    yield kit
    assert kit.stop() == 0
    assert len([line for line in kit.said if line]) == 1


def is_ready(kit: KitServer, *names: str) -> None:
    until(lambda: set(names) <= set(kit.health()["prepared"]), 60, f"the preparation of {names}")


def kernel_of(page: str) -> str:
    found = re.search(r'"kernelId": "([0-9a-f-]{36})"', page)
    assert found
    return found[1]


def say_farewell(kit: KitServer, kernel: str) -> None:
    """What a page sends when it is closed."""
    farewell = Request(f"{kit.url}voila/api/shutdown/{kernel}", method="POST")
    build_opener(ProxyHandler({})).open(farewell, timeout=60).close()


def work_of(kit: KitServer) -> Path:
    """Where the server keeps the person's work."""
    return kit.home / "work"


def test_a_class_that_opens_a_page_together_gets_a_kernel_each(server: KitServer) -> None:
    ready, answers = threading.Barrier(CROWD), []

    def visit() -> None:
        ready.wait()
        answers.append(server.get("/audit"))

    visitors = [threading.Thread(target=visit) for _ in range(CROWD)]
    for thread in visitors:
        thread.start()
    for thread in visitors:
        thread.join()
    assert {status for status, _, _ in answers} == {200}
    assert all("data-screen" in page and page.rstrip().endswith("<!-- end of page -->") for _, _, page in answers)
    kernels = {kernel_of(page) for _, _, page in answers}
    assert len(kernels) == CROWD
    for kernel in kernels:
        # The answer waits for a kernel that is only just starting.
        assert server.get(f"/api/kernels/{kernel}")[0] == 200
    names = {psutil.Process(pid).name() for pid in kernels_below(server.pid)}
    assert {f"kernel-{kernel[:8]}" for kernel in kernels} <= names
    for kernel in kernels:
        say_farewell(server, kernel)
    until(lambda: not kernels_below(server.pid), 30, "the end of kernels whose pages were closed")


def test_what_the_person_has_done_meanwhile_is_shown(server: KitServer) -> None:
    _, _, before = server.get("/audit")
    store = open_store(work_of(server))
    audit = store.create_audit("An audit <b>made meanwhile", "national-award-2009")
    _, _, after = server.get("/audit")
    assert "An audit &lt;b&gt;made meanwhile" in after
    assert "made meanwhile" not in before
    store.delete_audit(audit.id)
    assert "made meanwhile" not in server.get("/audit")[2]


def test_a_page_that_has_changed_is_prepared_anew(server: KitServer, folder: Path) -> None:
    write_page(folder, "changing", "Changing", "print('the first words')", {"nav": 3})
    assert "the first words" in server.get("/changing")[2]
    is_ready(server, "changing")
    write_page(folder, "changing", "Changing", "print('other words')", {"nav": 3})
    until(lambda: "other words" in server.get("/changing")[2], 20, "the page with its new words")
    assert "the first words" not in server.get("/changing")[2]


def test_a_page_may_ask_to_be_run_for_each_visit(server: KitServer) -> None:
    visits = [set(re.findall(r"visit [0-9a-f]{32}", server.get("/each")[2])) for _ in range(2)]
    assert len(visits[0] | visits[1]) == 2
    assert "each" not in server.health()["prepared"]


@pytest.mark.parametrize("name", ["senco-page", "senco-template"])
def test_the_next_page_opens_after_a_template_was_killed(server: KitServer, name: str) -> None:
    is_ready(server, "audit")
    (_, _, page), answers = server.get("/audit"), []
    killed = [pid for pid in processes_below(server.pid) if psutil.Process(pid).name() == name]
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in killed), what="the end of the templates")
    for _ in range(3):
        answers.append(server.get("/audit"))
    for status, _, page in answers:
        assert status == 200
        assert "data-screen" in page
        assert server.get(f"/api/kernels/{kernel_of(page)}")[0] == 200
    is_ready(server, "audit")


def test_nobody_enters_while_memory_is_short() -> None:
    settings: dict[str, Any] = {"most_kernels": 5}
    assert KernelRoom(**settings, least_free=1).free() == 5
    assert KernelRoom(**settings, least_free=1 << 60).free() == 0
