"""Hostile notebooks that really RUN in the sandbox, as if nothing had thrown their cells away before.

All of it twice: in a kernel that was forked and went in, and in one that bubblewrap started. Both walls are the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hostile import CODE
from nbformat.v4 import new_code_cell, new_notebook

from senco_kit.kernels.template import Template
from senco_kit.marking.problems import NotMarkable
from senco_kit.marking.sandbox import available
from senco_kit.marking.sandbox import kernel as kernel_room
from senco_kit.marking.sandbox.available import NoSandbox, bubblewrap
from senco_kit.marking.sandbox.enter import NotInside
from senco_kit.marking.sandbox.execute import SandboxedExecute
from senco_kit.marking.sandbox.holder import Holder
from senco_kit.marking.sandbox.kernel import SandboxedKernelManager, forked_inside
from senco_kit.marking.sandbox.limits import MEBIBYTE, Limits
from senco_kit.marking.sandbox.template import MarkingTemplate
from senco_kit.marking.sandbox.wall import Room

LIMITS = Limits(seconds=8, memory=400 * MEBIBYTE, output=2 * MEBIBYTE, message=MEBIBYTE)
#: Somebody who is not root, where root runs the tests.
PLAIN_USER = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"]


class _Small(SandboxedKernelManager):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named, limits=LIMITS)


class _Execute(SandboxedExecute):
    def create_kernel_manager(self) -> Any:
        self.kernel_manager_class = _Small
        return super().create_kernel_manager()


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """What kernels are forked from."""
    made = MarkingTemplate()
    page = made.page()
    assert page is not None
    yield page
    page.close()
    made.close()


@pytest.fixture(params=["forked", "fresh"])
def way(request: pytest.FixtureRequest, template: Template, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the kernel comes into the sandbox."""
    monkeypatch.setattr(SandboxedKernelManager, "template", template if request.param == "forked" else None)
    return str(request.param)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder with a key, another learner's answers and a gradebook; nbgrader works in it."""
    folder = tmp_path / "c"
    for name in ("source/m", "submitted/L01/m", "autograded/L02/m"):
        (folder / name).mkdir(parents=True)
    (tmp_path / "host").mkdir()
    (folder / "source/m/m.ipynb").write_text("THE KEY")
    (folder / "submitted/L01/m/answers.json").write_text("SOMEONE ELSE")
    (folder / "autograded/L02/m/answers.json").write_text("MINE")
    (folder / "gradebook.db").write_text("MARKS")
    (folder / "autograded/L02/m/link").symlink_to(folder / "gradebook.db")
    monkeypatch.setenv("SECRET_OF_THE_MARKER", "hush")
    monkeypatch.chdir(folder)
    return folder


def _run(course: Path, *cells: str) -> list[str]:
    """What each cell showed, after all of them ran in the sandbox."""
    sources = [cell.replace("{host}", str(course.parent / "host")) for cell in cells]
    notebook = new_notebook(
        cells=[new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    done, _ = _Execute().preprocess(notebook, {"metadata": {"path": str(course / "autograded/L02/m")}})
    return [str(cell.outputs) for cell in done.cells]


def test_nothing_is_seen_or_touched_outside(course: Path, way: str) -> None:
    tries = [
        CODE[kind] for kind in ("reads source/", "reads another learner", "writes the gradebook", "opens a socket")
    ]
    looks = (
        f"import os; print(os.path.exists('{course}'), os.listdir(), sorted(os.environ), os.listdir('/'))",
        f"open('{course}/autograded/L02/m/answers.json', 'w').write('x')",
        "open('answers.json', 'w').write('changed here')",
        f"open('{sys.prefix}/x', 'w')",
        "open('/dev/shm/x', 'w')",
        "open('/proc/sys/kernel/core_pattern', 'w').write('x')",
        "import os, signal\nos.kill(1, signal.SIGKILL)",
        "import os; (os.getuid(), os.geteuid())",
        "import socket; socket.create_connection(('127.0.0.1', 22), 2)",
        "os.listdir('/root') + os.listdir('/home')",
        "print(open('/proc/self/status').read())",
        "os.getppid()",
        "sum(name.isdigit() for name in os.listdir('/proc'))",
    )
    shown = _run(course, *tries, CODE["writes into the host's /tmp"], CODE["spies on the environment"], *looks)
    everything = " ".join(shown)
    for secret in ("THE KEY", "SOMEONE ELSE", "hush", "SECRET_OF_THE_MARKER", "'link'"):
        assert secret not in everything
    assert "False ['answers.json'] [" in shown[6]  # of the submission, the answers alone, and no course folder
    assert "Network is unreachable" in shown[3]
    assert "Read-only file system" in shown[9]
    assert "Read-only file system" in shown[10]
    assert "error" in shown[11]
    assert (
        "(0, 0)" not in shown[13]
    )  # not root, whoever marks; and the sandbox stands, though its first process was shot
    assert "Connection refused" in shown[14]  # its own, empty network
    assert "error" in shown[15]
    # A fresh kernel keeps in two sets what no program that it starts could make use of.
    for rights in ("CapPrm", "CapEff", "CapAmb", *(("CapInh", "CapBnd") if way == "forked" else ())):
        assert f"{rights}:\\t0000000000000000" in shown[16]
    assert "NoNewPrivs:\\t1" in shown[16]
    assert f"'{0 if way == 'forked' else 1}'" in shown[17]  # who watches over a forked kernel cannot be seen from here
    assert f"'{3 if way == 'forked' else 2}'" in shown[18]  # the sandbox's own processes, and no others
    assert (course / "gradebook.db").read_text() == "MARKS"
    assert (course / "autograded/L02/m/answers.json").read_text() == "MINE"
    assert list((course.parent / "host").iterdir()) == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (CODE["fork bomb"], "processes|memory"),
        (
            "import os\nif os.fork() == 0:\n    os.setsid()\nx = bytearray(b'1' * 300_000_000)\nwhile True: pass",
            "memory",
        ),
        (CODE["endless loop"], "more than 8 seconds"),
        (CODE["1 GB of output"], "output|memory"),
        ("import time\nfor _ in range(1000):\n    print('x' * 50_000, flush=True); time.sleep(0.002)", "output"),
        ("for n in range(50): open(f'/tmp/{n}', 'wb').write(b'x' * 10_000_000)", "wrote more"),
        ("import os\nos._exit(0)", "ended"),
    ],
    ids=["fork bomb", "memory of many", "endless loop", "1 GB", "output", "disk", "exit"],
)
def test_what_uses_too_much_is_ended(course: Path, way: str, source: str, why: str) -> None:
    with pytest.raises(NotMarkable, match=why):
        _run(course, source)


def test_too_much_memory_at_once_is_refused(course: Path, way: str) -> None:
    assert "MemoryError" in _run(course, CODE["8 GB of memory"])[0]


def test_nothing_is_left_behind(course: Path, way: str) -> None:
    rooms = Path("/tmp")
    before = {path for path in rooms.glob("senco-box-*") if path.stat().st_uid == os.getuid()}
    deep = "import os\nfor _ in range(1500):\n    os.mkdir('deep'); os.chdir('deep')"
    with suppress(NotMarkable):  # when the watcher looks before it is done, it cannot read so long a path
        assert "error" not in _run(course, deep)[0]
    assert {path for path in rooms.glob("senco-box-*") if path.stat().st_uid == os.getuid()} <= before


def test_a_forked_kernel_begins_only_inside(template: Template, tmp_path: Path) -> None:
    room = Room(tmp_path / "room")
    room.folder.mkdir()
    room.make()
    holder = Holder(room)
    try:
        shared = {kind: number for kind, number in holder.namespaces.items() if kind != "net"}
        own = dict(holder.namespaces)
        for namespaces in (shared, own | {"mnt": Path("/proc/self/ns/mnt").stat().st_ino}):
            holder.namespaces = namespaces
            with pytest.raises(NotInside):
                forked_inside(template, holder, LIMITS, room.user, [])
        holder.namespaces = own
        kernel = forked_inside(template, holder, LIMITS, room.user, ["--no-such-option"])
    finally:
        holder.close()
    kernel.wait(5)  # it ends with the sandbox
    with pytest.raises(NotInside):
        forked_inside(template, holder, LIMITS, room.user, [])


def test_where_a_kernel_cannot_be_forked_it_begins_from_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = MarkingTemplate()
    page = made.page()
    assert page is not None
    page.close()
    made.close()
    monkeypatch.setattr(SandboxedKernelManager, "template", page)
    kernel_room._say_once.cache_clear()
    assert "'1'" in _run(course, "import os; os.getppid()")[0]
    assert caplog.text.count("Marking takes longer") == 1


def test_the_same_for_somebody_who_is_not_root(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        return  # all the other tests say so
    starts_itself = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    tried = [*PLAIN_USER, sys.executable, "-c", starts_itself]
    if shutil.which("setpriv") is None or subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("other users cannot run this Python")
    tests = [
        f"{__file__}::{name}" for name in ("test_nothing_is_seen_or_touched_outside", "test_nothing_is_left_behind")
    ]
    options = ["-q", "-p", "no:cacheprovider", "--override-ini", "addopts="]
    done = subprocess.run(
        [*PLAIN_USER, sys.executable, "-m", "pytest", *options, *tests],
        env=os.environ | {"HOME": "/tmp", "TMPDIR": "/tmp"},
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_without_a_sandbox_marking_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(change: Callable[[], None]) -> str:
        bubblewrap.cache_clear()
        change()
        try:
            with pytest.raises(NoSandbox) as problem:
                bubblewrap()
        finally:
            bubblewrap.cache_clear()
        return str(problem.value)

    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    says = refused(lambda: monkeypatch.setenv("PATH", str(tmp_path)))
    assert "No permissions to create new namespace" in says
    broken.unlink()
    says = refused(lambda: monkeypatch.setattr(available, "_USUAL_PLACES", ()))
    assert "apt install bubblewrap" in says
    assert "--without-sandbox" in says
    says = refused(lambda: monkeypatch.setattr(sys, "platform", "win32"))
    assert "Linux only" in says
    assert "--without-sandbox" in says
