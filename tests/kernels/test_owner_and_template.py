"""What becomes of kernels when their owner or their template ends, and when no kernel can be forked."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_kernel import Kernel, runs, until

from senco_kit.kernels import settings, template, templates
from senco_kit.kernels.template import CannotFork, Template
from senco_kit.kernels.templates import Templates

Start = Callable[..., Kernel]

_OWNER = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from real_kernel import Kernel
from senco_kit.kernels.template import Template
base = Template.start(os.environ, ["ipykernel.kernelapp"])
page, _ = base.page(["import subprocess; own = 1"], dict(os.environ), "/")
kernels = [Kernel(template=base), Kernel(template=page)]
for kernel in kernels:
    kernel.run("import subprocess; started = subprocess.Popen(['sleep', '1000'])")
told = [base.process, page.process]
told += [kernel.process.pid for kernel in kernels] + [int(kernel.value("started.pid")) for kernel in kernels]
files = [kernel.manager.ip.rpartition("/")[0] for kernel in kernels] + [k.manager.connection_file for k in kernels]
print(json.dumps([told, files]), flush=True)
input()
"""


@pytest.fixture(autouse=True)
def _small_templates(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Made anew for each test, they import no more than a kernel needs."""
    own = Templates(["ipykernel.kernelapp"])
    monkeypatch.setattr(templates, "OURS", own)
    yield
    own.close()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_with_its_owner_everything_ends(end: int) -> None:
    """Templates, kernels, what kernels have started, and their files."""
    command = [sys.executable, "-c", _OWNER, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        processes, files = json.loads(owner.stdout.readline())
        assert all(runs(each) for each in processes)
        assert all(Path(each).exists() for each in files)
        owner.send_signal(end)
        owner.communicate()
    for each in processes:
        until(lambda each=each: not runs(each), f"the end of process {each}")  # type: ignore[misc]
    assert [each for each in files if Path(each).exists()] == []


def test_kernels_outlive_their_template(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    living = start()
    living.run("own = 1")
    made = templates.OURS.get(os.environ)
    assert made is not None
    os.kill(made.process, signal.SIGKILL)
    until(lambda: not made.is_alive(), "the end of the template")
    assert living.value("own") == "1"
    with caplog.at_level(logging.WARNING):
        assert not start().is_forked
    assert caplog.text.count("not forked") == 1
    assert start().is_forked
    process = living.process
    living.client.execute("import os; os._exit(0)")
    # Nobody is left who would know its status.
    assert process.wait(60) == -9


def test_kernels_outlive_a_template_that_does_not_answer(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    living = start()
    made = templates.OURS.get(os.environ)
    assert made is not None
    monkeypatch.setattr(template, "LONGEST_FORK", 0.01)
    os.kill(made.process, signal.SIGSTOP)
    try:
        assert not start().is_forked
    finally:
        os.kill(made.process, signal.SIGCONT)
    monkeypatch.undo()
    # Hung up on, it would end its kernels.
    assert made._socket.fileno() >= 0
    assert living.value("1 + 1") == "2"
    assert start().is_forked
    assert templates.OURS.get(os.environ) is not made
    living.end()
    until(lambda: not runs(made.process), "the end of the template after that of its last kernel")


def test_not_forked_when_switched_off(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_FORK", "0")
    kernel = start()
    assert not kernel.is_forked
    assert kernel.value("1 + 1") == "2"


def test_where_nothing_forks_it_is_said_once(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "can_fork", lambda: False)
    with caplog.at_level(logging.WARNING):
        assert [templates.OURS.get(os.environ) for _ in range(3)] == [None] * 3
    assert [each.message for each in caplog.records] == [
        "A kernel is started the normal way, not forked: this system has no fork."
    ]


def test_not_forked_with_settings_in_the_folder(tmp_path: Path) -> None:
    from senco_kit.kernels.provisioner import _Settings

    _Settings.of({"cwd": str(tmp_path)})
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 7\n")
    with pytest.raises(CannotFork, match="matplotlibrc"):
        _Settings.of({"cwd": str(tmp_path)})


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"env": os.environ | {"PYTHONPATH": "here"}}, "PYTHONPATH"),
        ({"stdout": subprocess.PIPE}, "settings that a fork cannot have"),
        ({"independent": True}, "settings that a fork cannot have"),
    ],
)
def test_what_a_fork_cannot_have_is_said(asked: dict[str, Any], why: str) -> None:
    from senco_kit.kernels.provisioner import _Settings

    with pytest.raises(CannotFork, match=why):
        _Settings.of(asked)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ([sys.executable, "-m", "other_kernel", "-f", "file"], "no Python kernel"),
        (["/bin/sh", "-m", "ipykernel_launcher", "-f", "file"], "a Python of its own"),
        (["no such program", "-m", "ipykernel_launcher", "-f", "file"], "a Python of its own"),
    ],
)
def test_other_kernels_are_started_as_they_are(command: list[str], why: str) -> None:
    from senco_kit.kernels.provisioner import _parts

    with pytest.raises(CannotFork, match=why):
        _parts(command)


def test_options_of_python_belong_to_the_template() -> None:
    from senco_kit.kernels.provisioner import _parts

    command = [sys.executable, "-X", "dev", "-m", "ipykernel_launcher", "-f", "file"]
    assert _parts(command) == ([sys.executable, "-X", "dev"], ["-f", "file"])


def test_a_new_template_where_a_running_python_cannot_take_something_over() -> None:
    kinds = [
        templates.OURS._kind(os.environ | each, ("python",)) for each in ({}, {"PYTHONPATH": "/a"}, {"OTHER": "b"})
    ]
    assert kinds[0] != kinds[1]
    assert kinds[0] == kinds[2]


def test_after_a_change_of_a_file_kernels_have_a_new_template(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = start()
    first = templates.OURS.get(os.environ)
    place = tmp_path / "site-packages"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    new = start()
    assert new.is_forked
    second = templates.OURS.get(os.environ)
    assert second is not first
    assert old.value("1 + 1") == "2"
    (place / "another.py").write_text("")
    assert templates.OURS.get(os.environ) is not second


def test_the_second_kernel_of_a_process_is_the_first_to_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_FORK", "1")
    assert templates.OURS.get(os.environ) is None
    made = templates.OURS.get(os.environ)
    assert made is not None
    templates.OURS.close()
    assert not made.is_alive()


def test_a_process_forked_from_the_owner_leaves_its_templates_alone(start: Start) -> None:
    living = start()
    child = os.fork()
    if child == 0:
        found = templates.OURS.get(os.environ)
        templates.OURS.close()
        os._exit(0 if found is None else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert living.value("1 + 1") == "2"
    made = templates.OURS.get(os.environ)
    assert made is not None
    assert made.is_alive()


def test_a_module_that_is_missing_or_broken_is_left_to_the_kernels(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise RuntimeError('broken')\n")
    made = Template.start(os.environ | {"PYTHONPATH": str(tmp_path)}, ["broken", "no_such_module"])
    made.close()


def test_a_python_that_does_not_start_is_said() -> None:
    with pytest.raises(CannotFork, match="no-such-python does not start"):
        Template.start(os.environ, python=["no-such-python"])
    with pytest.raises(CannotFork, match="the template has ended"):
        Template.start(os.environ, python=["/bin/true"])
