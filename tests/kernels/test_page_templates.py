"""A page's cells are run once; each visitor gets a fork, and nothing of one visitor is found by another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_kernel import PATIENCE, Kernel, runs, until

from senco_kit.kernels import templates
from senco_kit.kernels.template import CannotFork, Template

Start = Callable[..., Kernel]

_CELLS = [
    "import ipywidgets, multiprocessing, tempfile, numpy as np, matplotlib.pyplot as plt\n"
    "tempfile.gettempdir()\nanswers = []\nprint('ready')",
    "slider = ipywidgets.IntSlider(value=3)\nslider",
    "plt.plot([1, 2])\nplt.show()",
]


@pytest.fixture(scope="module")
def base() -> Template:
    template = templates.OURS.get(os.environ)
    assert template is not None
    return template


@pytest.fixture(scope="module")
def page(base: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Template, list[Any]]]:
    template, outputs = base.page(_CELLS, dict(os.environ), str(tmp_path_factory.mktemp("page")))
    yield template, outputs
    template.close()


def test_the_outputs_of_the_cells_come_once(page: tuple[Template, list[Any]]) -> None:
    words, slider, picture = page[1]
    assert words == [{"output_type": "stream", "name": "stdout", "text": "ready\n"}]
    assert "application/vnd.jupyter.widget-view+json" in slider[0]["data"]
    assert "image/png" in picture[0]["data"]


def test_a_visitor_has_what_the_cells_made(page: tuple[Template, list[Any]], start: Start) -> None:
    template, outputs = page
    visitor = start(template=template)
    assert visitor.is_forked
    shown = outputs[1][0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert visitor.value("slider.model_id, slider.value, answers") == f"('{shown}', 3, [])"
    change = {"comm_id": shown, "data": {"method": "update", "state": {"value": 9}}}
    visitor.client.shell_channel.send(visitor.client.session.msg("comm_msg", change))
    until(lambda: visitor.value("slider.value") == "9", "the new value")
    assert visitor.run("plt.plot([1, 2]);") == [("display_data", ["image/png", "text/plain"])]


def test_visitors_share_nothing(page: tuple[Template, list[Any]], start: Start, tmp_path: Path) -> None:
    cell = """
import os, random, secrets, tempfile, uuid
own = [random.random(), np.random.random(), uuid.uuid4().hex, secrets.token_hex(), os.getpid(),
       tempfile.NamedTemporaryFile().name, ipywidgets.Button().model_id, get_ipython().kernel.session.session,
       multiprocessing.current_process().authkey.hex(), multiprocessing.process.ORIGINAL_DIR,
       tempfile.gettempdir()]
answers.append(own)
os.environ['OF_ONE'] = '1'
slider.value = 8
"""
    first = start(template=page[0], env=os.environ | {"OWN": "first", "TMPDIR": str(tmp_path)}, cwd=str(tmp_path))
    first.run(cell)
    second = start(template=page[0], env=os.environ | {"ALSO": "second"})
    import_os = "__import__('os')"
    assert second.value(f"answers, slider.value, 'OF_ONE' in {import_os}.environ") == "([], 3, False)"
    assert second.value(f"{import_os}.environ.get('OWN'), {import_os}.environ['ALSO']") == "(None, 'second')"
    assert second.value(f"{import_os}.getcwd()") != first.value("os.getcwd()") == f"'{tmp_path}'"
    second.run(cell)
    owns = [eval(visitor.value("[str(each) for each in own]")) for visitor in (first, second)]
    assert len(owns[0]) == 11
    assert owns[0][-2:] == [str(tmp_path)] * 2
    assert not set(owns[0]) & set(owns[1])


_HINDRANCES = {
    "a cell that fails": ("1 / 0", "code cell 1 of the page failed (ZeroDivisionError)"),
    "a cell that is no Python": ("if", "code cell 1 of the page failed"),
    "a thread": ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", "2 threads"),
    "an open figure": ("import matplotlib.pyplot as plt; plt.switch_backend('agg'); plt.figure()", "1 figures"),
    "a database": ("import sqlite3; own = sqlite3.connect('own.db')", "own.db is open"),
    "an event loop": ("import asyncio; own = asyncio.new_event_loop()", "is open"),
    "a program": ("import subprocess; own = subprocess.Popen(['sleep', '1000'])", "started another program"),
    "shared memory": ("import mmap; own = mmap.mmap(-1, 1000)", "memory is shared"),
    "a way to send messages": ("import zmq; zmq.Context.instance()", "a ZMQ context is open"),
}


@pytest.mark.parametrize("what", _HINDRANCES)
def test_what_no_two_visitors_may_have_is_refused(base: Template, tmp_path: Path, what: str) -> None:
    cell, why = _HINDRANCES[what]
    before = _children(base)
    with pytest.raises(CannotFork) as refused:
        base.page([cell], dict(os.environ), str(tmp_path))
    assert why in str(refused.value)
    # A page that is refused ends, and what it has started too.
    until(lambda: _children(base) <= before, "the end of the page")
    assert base.is_alive()


def _children(template: Template) -> set[str]:
    return set(Path(f"/proc/{template.process}/task/{template.process}/children").read_text().split())


def test_a_page_that_has_gone_starts_normally(base: Template, start: Start, tmp_path: Path) -> None:
    template, _ = base.page(["a = 1"], dict(os.environ), str(tmp_path))
    living = start(template=template)
    os.kill(template.process, 9)
    until(lambda: not template.is_alive(), "the end of the page's template")
    assert living.value("a") == "1"
    normal = start(template=template)
    assert not normal.is_forked
    assert normal.value("a") == "NameError"
    template.close()


def test_a_page_ends_when_its_last_visitor_has_gone(base: Template, start: Start, tmp_path: Path) -> None:
    """As it does when its files have changed."""
    template, _ = base.page(["a = 1"], dict(os.environ), str(tmp_path))
    visitor = start(template=template)
    template.retire()
    assert not template.is_alive()
    assert runs(template.process)
    assert visitor.value("a") == "1"
    visitor.end()
    until(lambda: not runs(template.process), "the end of the page's template")


def test_a_greeting_comes_before_the_kernel_begins(page: tuple[Template, list[Any]], start: Start) -> None:
    visitor = start(template=page[0], greet="os:getpid")
    lifeline = visitor.process.lifeline
    lifeline.settimeout(PATIENCE)
    assert lifeline.recv(100) == f"{visitor.process.pid}\n".encode()
