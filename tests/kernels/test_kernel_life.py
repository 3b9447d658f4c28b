"""A forked kernel from its beginning to its end: interrupted, restarted, debugged, spoken to, ended in every way."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from real_kernel import PATIENCE, Kernel, in_a_loop, runs, until

from senco_kit.kernels import templates
from senco_kit.kernels.forked_process import ForkedProcess
from senco_kit.kernels.provisioner import ForkProvisioner

Start = Callable[..., Kernel]


def test_jupyter_finds_it_by_its_name() -> None:
    factory = KernelProvisionerFactory(default_provisioner_name="senco-fork")
    manager = KernelManager(kernel_name="python3")
    made = factory.create_provisioner_instance("1", manager.kernel_spec, parent=manager)
    assert type(made) is ForkProvisioner


def test_an_interrupt_ends_a_cell_and_not_the_kernel(forked: Kernel, tmp_path: Path) -> None:
    # A file says that the cell has begun. Not a print: an interrupt that meets ipykernel while it sends text can be
    # lost, in a stock kernel too, or can leave the thread that sends waiting for ever.
    begun = tmp_path / "begun"
    for busy in ("import time; time.sleep(1000)", "while True: pass"):
        cell = f"import pathlib; pathlib.Path({str(begun)!r}).touch()\n{busy}"
        # After an error a kernel sends back what is asked meanwhile, undone: what is asked next may come that soon.
        asked = forked.client.execute(cell, stop_on_error=False)
        until(begun.exists, "the cell")
        begun.unlink()
        forked.manager.interrupt_kernel()
        while (reply := forked.client.get_shell_msg(timeout=PATIENCE))["parent_header"]["msg_id"] != asked:
            continue
        assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert forked.run("1 + 1") == [("execute_result", "2")]


def test_restarted_it_is_forked_again_and_new(forked: Kernel) -> None:
    forked.run("own = 1")
    before, sockets = forked.process.pid, Path(forked.manager.ip).parent
    forked.manager.restart_kernel()
    forked.client.wait_for_ready(timeout=PATIENCE)
    assert forked.is_forked
    assert forked.process.pid != before
    assert forked.value("own") == "NameError"
    assert sockets.is_dir()


def test_shut_down_it_leaves_nothing_and_can_be_started_again(forked: Kernel) -> None:
    sockets, connection = Path(forked.manager.ip).parent, Path(forked.manager.connection_file)
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert {each.name[:6] for each in sockets.iterdir()} == {"kernel"}
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    forked.client.stop_channels()
    process = forked.process
    forked.manager.shutdown_kernel()
    assert process.returncode == 0
    assert not sockets.exists()
    assert not connection.exists()
    assert len(list(Path("/proc/self/fd").iterdir())) < open_before
    forked.manager.start_kernel()
    forked.client = forked.manager.client()
    forked.client.start_channels()
    forked.client.wait_for_ready(timeout=PATIENCE)
    assert forked.is_forked
    assert forked.value("1 + 1") == "2"


def test_its_exit_status_is_known_and_what_it_started_ends_with_it(start: Start) -> None:
    for end, status in (("os._exit(3)", 3), ("os.kill(os.getpid(), 9)", -9), ("os.abort()", -signal.SIGABRT)):
        kernel = start()
        kernel.run("import os, subprocess; started = subprocess.Popen(['sleep', '1000'])")
        started = int(kernel.value("started.pid"))
        assert runs(started)
        process = kernel.process
        kernel.client.execute(end)
        assert process.wait(PATIENCE) == status
        assert not kernel.manager.is_alive()
        until(lambda started=started: not runs(started), "the end of what the kernel had started")  # type: ignore[misc]


def test_asked_to_exit_it_ends_well(forked: Kernel) -> None:
    process = forked.process
    forked.client.execute("exit()")
    assert process.wait(PATIENCE) == 0


def test_waiting_for_it_takes_no_longer_than_asked(forked: Kernel) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        forked.process.wait(0.01)


def test_many_who_wait_all_hear_of_its_end(forked: Kernel) -> None:
    """The exit status is told once: who comes second must neither wait for it nor harm the template."""

    async def wait() -> list[Any]:
        waiting = [asyncio.to_thread(forked.process.wait, PATIENCE) for _ in range(8)]
        together = asyncio.gather(*waiting)
        await asyncio.sleep(0.05)
        forked.process.kill()
        return await together

    assert in_a_loop(wait()) == [-9] * 8
    template = templates.OURS.get(os.environ)
    assert template is not None
    assert template.is_alive()


def test_the_debugger_answers(forked: Kernel) -> None:
    def ask(command: str, **arguments: Any) -> dict[str, Any]:
        content = {"type": "request", "seq": 1, "command": command, "arguments": arguments}
        message = forked.client.session.msg("debug_request", content)
        forked.client.control_channel.send(message)
        while (reply := forked.client.control_channel.get_msg(timeout=PATIENCE))["parent_header"] != message["header"]:
            continue
        return dict(reply["content"])

    begun = ask("initialize", clientID="test", adapterID="python", pathFormat="path")
    assert begun["success"], begun
    assert ask("attach")["success"]
    dumped = ask("dumpCell", code="stopped = 1\nreached = 2\n")
    path = dumped["body"]["sourcePath"]
    points = ask("setBreakpoints", source={"path": path}, breakpoints=[{"line": 2}], lines=[2])
    assert points["body"]["breakpoints"][0]["verified"]
    ask("configurationDone")
    forked.client.execute("stopped = 1\nreached = 2\n")
    until(lambda: ask("debugInfo")["body"]["stoppedThreads"], "a stop at the line")
    ask("continue", threadId=1)
    until(lambda: forked.value("reached") == "2", "the end of the cell")
    assert ask("disconnect", restart=False, terminateDebuggee=True)["success"]


def test_messages_of_widgets_arrive(forked: Kernel) -> None:
    forked.run("import ipywidgets; slider = ipywidgets.IntSlider(value=3)")
    model = forked.value("slider.model_id").strip("'")
    # The control channel is asked by a page that has just connected.
    message = forked.client.session.msg(
        "comm_open", {"comm_id": "asks", "target_name": "jupyter.widget.control", "data": {}}
    )
    message["metadata"] = {"version": "1.0.0"}
    forked.client.shell_channel.send(message)
    asking = forked.client.session.msg("comm_msg", {"comm_id": "asks", "data": {"method": "request_states"}})
    forked.client.shell_channel.send(asking)
    until(lambda: model in str(forked.client.get_iopub_msg(timeout=PATIENCE)["content"]), "the state of the slider")
    change = {"comm_id": model, "data": {"method": "update", "state": {"value": 7}}}
    forked.client.shell_channel.send(forked.client.session.msg("comm_msg", change))
    until(lambda: forked.value("slider.value") == "7", "the new value")


def test_two_kernels_draw_different_lots(start: Start) -> None:
    cell = """
import os, random, secrets, tempfile, uuid, multiprocessing
import numpy as np
lots = [random.random(), np.random.random(), np.random.default_rng().random(), uuid.uuid4().hex, secrets.token_hex(),
        tempfile.mkdtemp(), multiprocessing.current_process().authkey.hex()]
os.rmdir(lots[5])
"""
    first, second = start(), start()
    for kernel in (first, second):
        kernel.run(cell)
    lots = [eval(kernel.value("[str(each) for each in lots]")) for kernel in (first, second)]
    assert not set(lots[0]) & set(lots[1])


def test_its_own_environment(start: Start, tmp_path: Path) -> None:
    kernel = start(cwd=str(tmp_path), env=os.environ | {"MPLBACKEND": "agg", "TMPDIR": str(tmp_path), "TZ": "UTC-3"})
    assert kernel.is_forked
    kernel.run("import os, tempfile, time, matplotlib.pyplot as plt")
    said = kernel.run("print(plt.get_backend(), tempfile.gettempdir(), time.timezone)")
    assert said == [("stdout", f"agg {tmp_path} -10800\n")]
    assert kernel.run("plt.plot([1, 2]);") == []
    other = start()
    assert other.value("'MPLBACKEND' in __import__('os').environ and plt") == "NameError"


def test_a_start_that_nobody_waits_for_leaves_no_kernel() -> None:
    async def give_up() -> str:
        manager = AsyncKernelManager(kernel_name="python3")
        manager.provisioner = ForkProvisioner(kernel_id="", kernel_spec=manager.kernel_spec, parent=manager)
        starting = asyncio.ensure_future(manager.start_kernel())
        while not manager.ip.startswith("/"):
            await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        manager.cleanup_connection_file()
        # So that what was begun on another thread has its end here.
        await asyncio.get_running_loop().shutdown_default_executor()
        await asyncio.sleep(0.01)
        return str(Path(manager.ip).parent)

    template = templates.OURS.get(os.environ)
    assert template is not None
    sockets = in_a_loop(give_up())
    assert not Path(sockets).exists()

    def none_left() -> bool:
        return not any(runs(int(each)) for each in _children(template.process))

    until(none_left, "the end of a kernel that nobody wanted")


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def test_names_tell_a_template_from_a_kernel(forked: Kernel) -> None:
    template = templates.OURS.get(os.environ)
    assert template is not None
    assert Path(f"/proc/{template.process}/comm").read_text() == "senco-template\n"
    expected = Path(forked.manager.connection_file).stem[:15]
    assert Path(f"/proc/{forked.process.pid}/comm").read_text() == f"{expected}\n"


def test_jupyters_own_clients_start_it_without_waiting_for_each_other() -> None:
    """Four at once on one event loop, each shut down politely."""

    async def one() -> bool:
        manager = AsyncKernelManager(kernel_name="python3")
        manager.provisioner = ForkProvisioner(kernel_id="", kernel_spec=manager.kernel_spec, parent=manager)
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=PATIENCE)
        forked = isinstance(manager.provisioner.process, ForkedProcess)
        client.stop_channels()
        await manager.shutdown_kernel()
        return forked

    async def several() -> list[bool]:
        return await asyncio.gather(*(one() for _ in range(4)))

    assert in_a_loop(several()) == [True] * 4
