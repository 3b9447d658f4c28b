"""Where Jupyter asks for a kernel: forks it from a template, or starts it normally when that cannot be.

Switched on by the name `senco-fork`: in a kernel's own kernel.json, by
c.KernelProvisionerFactory.default_provisioner_name, or by the variable JUPYTER_DEFAULT_PROVISIONER_NAME.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from senco_kit.kernels import settings, templates
from senco_kit.kernels.forked_process import ForkedProcess, until_readable
from senco_kit.kernels.template import CannotFork, Template

#: Seconds in which a kernel that was asked to end is waited for without looking again and again.
_FAREWELL = 1.0


class ForkProvisioner(LocalProvisioner):
    """Jupyter's own way of starting kernels, but forked where that can be done."""

    #: A page's template to fork from, instead of the one of this process; from `start_kernel(template=...)`.
    #: None again when it did not fork, and the kernel was started normally.
    template: Template | None = None
    #: The function whose result the kernel sends as its greeting; from `start_kernel(greet=...)`.
    greet = ""
    _sockets: str | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose a private folder for the sockets; the rest is Jupyter's."""
        self.template = kwargs.pop("template", None)
        self.greet = kwargs.pop("greet", "")
        self._use_private_sockets()
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel; where that cannot be, start it."""
        try:
            forked = await _waited_for(asyncio.to_thread(self._fork, cmd, kwargs))
            if forked is None:
                self.template = None
                return await super().launch_kernel(cmd, **kwargs)
        except BaseException:
            self._remove_sockets()
            raise
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> ForkedProcess | None:
        template = self.template
        try:
            python, arguments = _parts(cmd)
            wanted = _Settings.of(kwargs)
            template = template or templates.OURS.get(wanted.environment, python)
            if template is None:
                return None
            with ExitStack() as open_files:
                streams = wanted.streams(open_files)
                return template.fork(arguments, wanted.environment, wanted.folder, streams, greet=self.greet)
        except CannotFork as problem:
            templates.OURS.say(str(problem))
            if template is not None and template is not self.template:
                templates.OURS.lose(template)
            return None

    async def greeting(self, seconds: float) -> Any:
        """What the kernel sends before it begins. Raises CannotFork when it ends without a word."""
        forked = self.process
        if not isinstance(forked, ForkedProcess):
            raise CannotFork("the kernel was started the normal way")
        assert forked.lifeline is not None
        forked.lifeline.setblocking(False)
        loop = asyncio.get_running_loop()
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(seconds):
                while not parts or not parts[-1].endswith(b"\n"):
                    parts.append(await loop.sock_recv(forked.lifeline, 1 << 20))
                    if not parts[-1]:
                        raise CannotFork("the kernel ended before it began")
        except (TimeoutError, OSError) as problem:
            raise CannotFork("the kernel did not begin") from problem
        return json.loads(b"".join(parts))

    # --------------------------------------------------------------------------------------------- ending

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and all that it has started."""
        if isinstance(self.process, ForkedProcess):
            self.process.signal_group(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and wait until it has."""
        if isinstance(self.process, ForkedProcess):
            self.process.signal_group(signal.SIGKILL)
            await self._ended(_FAREWELL)
        else:
            await super().kill(restart=restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """The kernel was asked to end: notice it at once, where Jupyter would look ten times a second."""
        await super().shutdown_requested(restart=restart)
        await self._ended(_FAREWELL)

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        forked = self.process
        if not isinstance(forked, ForkedProcess):
            return await super().wait()
        while not await self._ended(60):
            pass
        self.process = None
        return forked.wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Take the folder of the sockets away."""
        await super().cleanup(restart=restart)
        if not restart:
            self._remove_sockets()

    async def _ended(self, seconds: float) -> bool:
        """Whether the kernel ends within so many seconds."""
        forked = self.process
        if not isinstance(forked, ForkedProcess) or forked.poll() is not None:
            return True
        with forked.watch() as descriptor, suppress(TimeoutError):
            await asyncio.wait_for(until_readable(descriptor), seconds)
        return forked.poll() is not None

    # -------------------------------------------------------------------------------------------- sockets

    def _use_private_sockets(self) -> None:
        """Speak over sockets in a folder that is this person's alone, where nobody has asked for anything else."""
        manager = self.parent
        if self._sockets and Path(self._sockets).is_dir():
            return
        # A manager may start its kernel again after it was shut down.
        if not (manager and sys.platform == "linux" and (self._sockets or _is_untouched(manager))):
            return
        self._sockets = str(settings.new_socket_folder(settings.SOCKETS))
        manager.transport = "ipc"
        manager.ip = str(Path(self._sockets) / "kernel")

    def _remove_sockets(self) -> None:
        if self._sockets:
            shutil.rmtree(self._sockets, ignore_errors=True)


async def _waited_for(starting: Coroutine[Any, Any, ForkedProcess | None]) -> ForkedProcess | None:
    """The process, once it has been forked. When nobody wants it any more by then, it is ended."""
    task = asyncio.ensure_future(starting)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_end)
        raise


def _end(forking: asyncio.Task[ForkedProcess | None]) -> None:
    forked = None if forking.cancelled() or forking.exception() else forking.result()
    if forked is not None:
        forked.kill()


def _is_untouched(manager: Any) -> bool:
    """Whether a kernel manager still has Jupyter's own choice of how to speak to its kernel."""
    ports = (manager.shell_port, manager.iopub_port, manager.stdin_port, manager.hb_port, manager.control_port)
    encrypted = getattr(manager, "transport_encryption", "disabled") in (True, "required")
    return manager.transport == "tcp" and manager.ip == "127.0.0.1" and not any(ports) and not encrypted


def _parts(cmd: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of a command that runs ipykernel: the Python with its options, and ipykernel's arguments. Raises CannotFork."""
    place = cmd.index("-m") if "-m" in cmd else len(cmd)
    if cmd[place + 1 : place + 2] != ["ipykernel_launcher"]:
        raise CannotFork("it is no Python kernel")
    program = shutil.which(Path(cmd[0]).expanduser())
    if program is None or not _is_this_python(Path(program)):
        raise CannotFork("it has a Python of its own")
    return [str(Path(program).absolute()), *cmd[1:place]], list(cmd[place + 2 :])


def _is_this_python(program: Path) -> bool:
    # A virtual environment's Python is a link to the one that it was made from, so the folder counts too.
    own = Path(sys.executable)
    return program.absolute().parent == own.absolute().parent and program.samefile(own)


class _Settings:
    """What a kernel is asked to be started with, where a fork can have it."""

    def __init__(self, environment: dict[str, str], folder: str, streams: list[Any]) -> None:
        self.environment, self.folder, self._streams = environment, folder, streams

    @classmethod
    def of(cls, kwargs: dict[str, Any]) -> _Settings:
        """From the arguments that Jupyter would give to subprocess.Popen. Raises CannotFork."""
        known = {"env", "cwd", "stdin", "stdout", "stderr", "independent", "extra_arguments", "kernel_id"}
        streams = [kwargs.get(name) for name in ("stdin", "stdout", "stderr")]
        if not set(kwargs) <= known or kwargs.get("independent") or subprocess.PIPE in streams:
            raise CannotFork("it is asked for with settings that a fork cannot have")
        environment = dict(os.environ if kwargs.get("env") is None else kwargs["env"])
        environment["JPY_PARENT_PID"] = str(os.getpid())
        folder = str(kwargs.get("cwd") or Path.cwd())
        if settings.reads_folder(environment, folder):
            raise CannotFork("its folder has a matplotlibrc, or PYTHONPATH names a folder that depends on it")
        return cls(environment, folder, streams)

    def streams(self, open_files: ExitStack) -> list[int]:
        """Descriptors for standard input, output and error."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        open_files.callback(os.close, nowhere)
        numbers = []
        for own, wanted in enumerate(self._streams):
            if wanted == subprocess.DEVNULL or (wanted is None and (own == 0 or not _is_open(own))):
                # Jupyter gives a kernel an input that is closed at once.
                numbers.append(nowhere)
            elif own == 2 and wanted == subprocess.STDOUT:
                numbers.append(numbers[1])
            else:
                numbers.append(own if wanted is None else wanted if isinstance(wanted, int) else wanted.fileno())
        return numbers


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
