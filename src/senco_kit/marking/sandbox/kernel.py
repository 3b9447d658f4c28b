"""The kernel of a notebook inside the sandbox, through the place where Jupyter lets kernels be started otherwise."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.session import Session
from traitlets import Any as AnyTrait
from traitlets import Type

from senco_kit.course import answers_file
from senco_kit.kernels.forked_process import ForkedProcess, until_readable
from senco_kit.kernels.settings import new_socket_folder
from senco_kit.kernels.template import CannotFork, Template
from senco_kit.marking.sandbox.enter import NotInside
from senco_kit.marking.sandbox.holder import Holder
from senco_kit.marking.sandbox.limits import USUAL, Limits
from senco_kit.marking.sandbox.wall import SOCKETS, WORK, Room, command, environment, python
from senco_kit.marking.sandbox.watch import Watcher

_COPIED = (answers_file.NAME, "questions.json")
#: Files of a submission larger than this are not copied in: answers have at most 1 MB.
_LARGEST_COPIED = 5_000_000
_ARGUMENTS = ("-f", f"{SOCKETS}/kernel.json", "--HistoryManager.hist_file=:memory:")
#: Seconds; both take some hundredths.
_LONGEST_ENTRY, _LONGEST_START = 10.0, 60.0

_log = logging.getLogger(__name__)


class TooMuchOutput(Exception):
    """The kernel said more than it may."""


class _CountingSession(Session):
    """Reads the kernel's messages, and stops when they are too many or too large all together."""

    provisioner: SandboxProvisioner | None = None
    _read = 0

    def deserialize(self, msg_list: list[Any], *given: Any, **named: Any) -> dict[str, Any]:
        self._read += sum(len(part) for part in msg_list)
        if self.provisioner and self._read > self.provisioner.limits.output:
            self.provisioner.end("it wrote too much output")
            raise TooMuchOutput
        message: dict[str, Any] = super().deserialize(msg_list, *given, **named)
        return message


class SandboxProvisioner(LocalProvisioner):
    """Starts a kernel inside bubblewrap, on a copy of the folder that it should work in.

    With a template the kernel is forked from it and goes into a sandbox that waits (`enter.py`); without one, or where
    that cannot be done, bubblewrap starts a fresh Python.
    """

    #: A subprocess.Popen or a ForkedProcess.
    process: Any = None
    limits: Limits = USUAL
    room: Room
    template: Template | None = None
    watcher: Watcher | None = None
    ended = ""
    _holder: Holder | None = None
    _hidden: Sequence[Path] = ()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Copy the work in, and tell the inside how it is spoken to."""
        folder = Path(kwargs.pop("cwd", "."))
        copy_in(folder, self.room)
        self._hidden = [Path.cwd(), folder]
        kwargs = await super().pre_launch(**kwargs | {"env": environment()})
        # The same connection as outside, but where the inside sees the sockets.
        connection = json.loads(Path(self.parent.connection_file).read_text())
        connection["ip"] = f"{SOCKETS}/kernel"
        inside = self.room.sockets / "kernel.json"
        inside.write_text(json.dumps(connection))
        inside.chmod(0o600)
        self.room.give(inside)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start it, and the watcher beside it."""
        if self.template is None or not self._fork(self.template):
            program = python(self.room, self.limits, ["-m", "ipykernel_launcher", *_ARGUMENTS])
            cmd = command(self.room, program, self._hidden)
            # What the kernel writes past Jupyter's messages goes nowhere: it could fill the disk or the screen.
            nowhere = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
            await super().launch_kernel(cmd, env=environment(), close_fds=True, **nowhere)
        assert self.process is not None
        outside, others = (self._holder.program, [self.process.pid]) if self._holder else (self.process, [])
        self.watcher = Watcher(outside, self.room.folder, self.limits, others)
        self.watcher.start()
        return self.connection_info

    def _fork(self, template: Template) -> bool:
        """Fork the kernel into a sandbox that waits; whether that could be done."""
        try:
            self._holder = Holder(self.room, self._hidden)
            self.process = forked_inside(template, self._holder, self.limits, self.room.user, _ARGUMENTS)
        except (NotInside, CannotFork) as problem:
            if self._holder is not None:
                self._holder.close()
                self._holder = None
            _say_once(str(problem))
            return False
        self.pid = self.process.pid
        return True

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, without looking again and again."""
        if self.process is not None:
            await _ended(self.process)
        return await super().wait()

    async def send_signal(self, signum: int) -> None:
        """Any signal ends the sandbox: whoever interrupts a cell has waited long enough."""
        self.end("" if self.parent.shutting_down else "a cell did not end in time")

    def end(self, why: str) -> None:
        """End the kernel and all that it started."""
        if self.watcher:
            self.watcher.end(why)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it started."""
        self.end("")

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel and all that it started."""
        self.end("")

    async def cleanup(self, restart: bool = False) -> None:
        """Take the room away."""
        if self.watcher:
            self.watcher.stop()
            self.ended = self.ended or self.watcher.why
        if self._holder:
            self._holder.close()
            self._holder = None
        await super().cleanup(restart=restart)
        take_away(self.room.folder)


def forked_inside(
    template: Template, holder: Holder, limits: Limits, user: int | None, arguments: Sequence[str]
) -> ForkedProcess:
    """A kernel forked from a template, once it says that it is inside. Raises NotInside, CannotFork."""
    settings = {
        "process": holder.first,
        "namespaces": holder.namespaces,
        "user": user,
        "limits": asdict(limits),
    }
    with Path(os.devnull).open("r+b", buffering=0) as nowhere:
        forked = template.fork(
            arguments,
            environment(),
            WORK,
            [nowhere.fileno()] * 3,
            first=("senco_kit.marking.sandbox.enter:enter", settings),
            greet="senco_kit.marking.sandbox.enter:inside",
        )
    assert forked.lifeline is not None
    forked.lifeline.settimeout(_LONGEST_ENTRY)
    try:
        said = forked.lifeline.recv(100)
    except OSError:
        said = b""
    if said != b"true\n":
        forked.kill()
        raise NotInside("a forked kernel did not get into its sandbox")
    return forked


@cache
def _say_once(why: str) -> None:
    _log.warning("Marking takes longer: each kernel in the sandbox begins from nothing, for %s.", why)


async def _ended(process: ForkedProcess | subprocess.Popen[bytes]) -> None:
    """Wait until a process has ended."""
    descriptor = os.pidfd_open(process.pid) if process.poll() is None else -1
    if descriptor < 0:
        return
    try:
        await until_readable(descriptor)
    finally:
        os.close(descriptor)


class _Client(AsyncKernelClient):
    """Takes a kernel for ready as soon as it is, where Jupyter's own waits a fifth of a second for more messages."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both its channels. Raises RuntimeError when it does not, or has ended."""
        until = time.monotonic() + (timeout or _LONGEST_START)
        while not await self._answers(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise RuntimeError("Kernel did not respond")

    async def _answers(self, question: str) -> bool:
        """Whether an answer to this question comes, and after it, on the other channel, that all is done for it."""
        try:
            while not _is_about(question, reply := await self.shell_channel.get_msg(timeout=1)):
                pass
            self._handle_kernel_info_reply(reply)
            while not _is_about(question, said := await self.iopub_channel.get_msg(timeout=0.2)) or (
                said["content"].get("execution_state") != "idle"
            ):
                pass
        except Empty:
            return False  # what was said before we were connected is lost: ask again
        return True


def _is_about(question: str, message: dict[str, Any]) -> bool:
    return bool(message["parent_header"].get("msg_id") == question)


class SandboxedKernelManager(AsyncKernelManager):
    """Starts its kernel in a sandbox; afterwards `why_it_ended` tells why, when the sandbox was ended."""

    limits = AnyTrait(USUAL)
    #: What kernels are forked from in this process, if from anything.
    template: ClassVar[Template | None] = None
    client_factory = Type(_Client)

    def __init__(self, *given: Any, **named: Any) -> None:
        # Made here and not in the traits' defaults, which are made late and on another thread.
        self._room = Room(new_socket_folder("senco-box-"))
        self._room.make()
        named |= {"transport": "ipc", "ip": str(self._room.sockets / "kernel"), "transport_encryption": "disabled"}
        named["connection_file"] = str(self._room.folder / "connection.json")
        super().__init__(*given, **named)

    def client(self, **named: Any) -> Any:
        """A client that reads no message that is too large, lets few wait, and counts what it reads."""
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, self.limits.message)
        context.setsockopt(zmq.RCVHWM, 20)
        # A kernel that is not there yet is tried again after this many thousandths of a second, not after 100.
        context.setsockopt(zmq.RECONNECT_IVL, 5)
        client = super().client(context=context, session=_CountingSession(parent=self, key=self.session.key), **named)
        client._created_context = True  # so that it is closed with the client
        client.session.provisioner = self.provisioner
        return client

    async def _async_pre_start_kernel(self, **named: Any) -> Any:
        if self.provisioner is None:
            made = SandboxProvisioner(kernel_id=self.kernel_id or "", kernel_spec=self.kernel_spec, parent=self)
            made.room, made.limits, made.template = self._room, self.limits, self.template
            self.provisioner = made
        return await super()._async_pre_start_kernel(**named)

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        if isinstance(self.provisioner, SandboxProvisioner) and self.provisioner.process is not None:
            await _ended(self.provisioner.process)

    @property
    def why_it_ended(self) -> str:
        """Why the sandbox was ended; empty when it was not."""
        if not isinstance(self.provisioner, SandboxProvisioner):
            return ""
        return self.provisioner.ended or (self.provisioner.watcher.why if self.provisioner.watcher else "")


def copy_in(folder: Path, room: Room) -> None:
    """Copy what is marked into the room: the answers and the questions, when they are plain files. Nothing else."""
    for name in _COPIED:
        path = folder / name
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_COPIED:
            continue
        copy = room.work / name
        shutil.copyfile(path, copy, follow_symlinks=False)
        room.give(copy)


def take_away(folder: Path) -> None:
    """Remove the folder of a sandbox, however deep what was made in it."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        # Too deep for Python.
        subprocess.run(["/bin/rm", "-rf", "--", str(folder)], check=False, capture_output=True)
