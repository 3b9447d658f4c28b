"""The kernel of a notebook inside the sandbox, through the place where Jupyter lets kernels be started otherwise."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.session import Session
from traitlets import Any as AnyTrait

from senco_kit.course import answers_file
from senco_kit.marking.sandbox.limits import USUAL, Limits
from senco_kit.marking.sandbox.wall import SOCKETS, Room, command, environment
from senco_kit.marking.sandbox.watch import Watcher

#: A path of a socket may have no more than 107 characters.
_LONGEST_FOLDER = 60
_COPIED = (answers_file.NAME, "questions.json")
#: Files of a submission larger than this are not copied in: answers have at most 1 MB.
_LARGEST_COPIED = 5_000_000


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
    """Starts a kernel inside bubblewrap, on a copy of the folder that it should work in."""

    limits: Limits = USUAL
    room: Room
    watcher: Watcher | None = None
    ended = ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Copy the work in and build the command."""
        folder = Path(kwargs.pop("cwd", "."))
        copy_in(folder, self.room)
        kwargs["env"] = environment()
        kwargs = await super().pre_launch(**kwargs)
        # The same connection as outside, but where the inside sees the sockets.
        connection = json.loads(Path(self.parent.connection_file).read_text())
        connection["ip"] = f"{SOCKETS}/kernel"
        inside = self.room.sockets / "kernel.json"
        inside.write_text(json.dumps(connection))
        inside.chmod(0o600)
        self.room.give(inside)
        program = ["-m", "ipykernel_launcher", "-f", f"{SOCKETS}/kernel.json", "--HistoryManager.hist_file=:memory:"]
        kwargs["cmd"] = command(self.room, self.limits, program, hidden=[Path.cwd(), folder])
        kwargs["env"] = environment()
        # What the kernel writes past Jupyter's messages goes nowhere: it could fill the disk or the screen.
        return kwargs | {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "close_fds": True}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start it, and the watcher beside it."""
        connection = await super().launch_kernel(cmd, **kwargs)
        assert self.process is not None
        self.watcher = Watcher(self.process.pid, self.room.folder, self.limits)
        self.watcher.start()
        return connection

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
        await super().cleanup(restart=restart)
        take_away(self.room.folder)


class SandboxedKernelManager(AsyncKernelManager):
    """Starts its kernel in a sandbox; afterwards `why_it_ended` tells why, when the sandbox was ended."""

    limits = AnyTrait(USUAL)

    def __init__(self, *given: Any, **named: Any) -> None:
        # Made here and not in the traits' defaults, which are made late and on another thread.
        folder = tempfile.gettempdir()
        self._room = Room(
            Path(tempfile.mkdtemp(prefix="senco-box-", dir=folder if len(folder) <= _LONGEST_FOLDER else "/tmp"))
        )
        self._room.make()
        named |= {"transport": "ipc", "ip": str(self._room.sockets / "kernel"), "transport_encryption": "disabled"}
        named["connection_file"] = str(self._room.folder / "connection.json")
        super().__init__(*given, **named)

    def client(self, **named: Any) -> Any:
        """A client that reads no message that is too large, lets few wait, and counts what it reads."""
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, self.limits.message)
        context.setsockopt(zmq.RCVHWM, 20)
        client = super().client(context=context, session=_CountingSession(parent=self, key=self.session.key), **named)
        client._created_context = True  # so that it is closed with the client
        client.session.provisioner = self.provisioner
        return client

    async def _async_pre_start_kernel(self, **named: Any) -> Any:
        if self.provisioner is None:
            made = SandboxProvisioner(kernel_id=self.kernel_id or "", kernel_spec=self.kernel_spec, parent=self)
            made.room, made.limits = self._room, self.limits
            self.provisioner = made
        return await super()._async_pre_start_kernel(**named)

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
    if sys.platform.startswith("linux"):
        subprocess.run(["/bin/rm", "-rf", "--", str(folder)], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)
