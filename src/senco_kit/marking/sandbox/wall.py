"""The command that builds the sandbox: what can be seen from inside, and what can be written."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import senco_kit
from senco_kit.marking.sandbox.available import NoSandbox, bubblewrap, namespaces
from senco_kit.marking.sandbox.limits import Limits

#: Where things are inside.
WORK, SOCKETS, TEMPORARY = "/submission", "/sockets", "/tmp"

_KIT = Path(senco_kit.__file__).parent
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")


@dataclass(frozen=True)
class Room:
    """The folder of one sandbox, on the outside: a copy of the work, the sockets to the kernel, temporary files."""

    folder: Path

    @property
    def work(self) -> Path:
        """The copy of the submission: all that is marked."""
        return self.folder / "work"

    @property
    def sockets(self) -> Path:
        """The sockets through which the kernel is spoken to: there is no network."""
        return self.folder / "sockets"

    @property
    def temporary(self) -> Path:
        """What the inside knows as /tmp."""
        return self.folder / "tmp"

    @property
    def user(self) -> int | None:
        """For root: the number of the user that the inside runs as, one that nobody has (see inside.py)."""
        return 60_001 + os.getpid() % 4_900 if os.geteuid() == 0 else None

    def make(self) -> None:
        """Make the folders, for the user of the inside alone."""
        for folder in (self.work, self.sockets, self.temporary):
            folder.mkdir(mode=0o700)
            self.give(folder)
        # This Python may lie in /tmp, and is started before root becomes the user of the inside.
        self.temporary.chmod(0o755)

    def give(self, path: Path) -> None:
        """Make the user of the inside the owner of a file or folder."""
        if self.user is not None:
            os.chown(path, self.user, self.user)


def command(room: Room, program: Sequence[str], hidden: Sequence[Path] = (), options: Sequence[str] = ()) -> list[str]:
    """The command line that runs a program in a sandbox. Raises NoSandbox.

    `hidden` are folders that must not be seen even where they lie inside one that the sandbox needs; `options` are more
    of bubblewrap's own.
    """
    return [
        *(bubblewrap(), *namespaces(), "--die-with-parent", "--new-session", "--hostname", "sandbox", *options),
        # First of all /tmp: this Python may lie in it.
        *("--bind", str(room.temporary), TEMPORARY),
        *_read_only(hidden),
        *("--bind", str(room.work), WORK, "--bind", str(room.sockets), SOCKETS),
        *("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/"),
        *program,
    ]


def python(room: Room, limits: Limits, arguments: Sequence[str]) -> list[str]:
    """The program that becomes `python ARGUMENTS...` inside, within the limits and not as root."""
    inside = {"limits": asdict(limits), "user": room.user, "folder": WORK}
    script = _KIT / "marking" / "sandbox" / "inside.py"
    return [sys.executable, "-I", str(script), json.dumps(inside), *arguments]


def environment() -> dict[str, str]:
    """All the environment that the inside gets."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": TEMPORARY,
        "USER": "marking",
        "LOGNAME": "marking",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": TEMPORARY + "/ipython",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
    }


def _read_only(hidden: Sequence[Path]) -> Iterator[str]:
    """The system and this Python, to be read and not written; nothing of /home, /var, /srv or the course folder."""
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    for name in _SETTINGS:
        yield from ("--ro-bind-try", name, name)
    seen = [Path("/usr"), *python_folders()]
    for folder in seen[1:]:
        # bubblewrap makes the folders above for root alone; with --dir they are open to the user of the inside.
        for above in reversed(folder.parents[:-1]):
            yield from ("--dir", str(above))
        yield from ("--ro-bind", str(folder), str(folder))
    for secret in hidden:
        if any(secret.resolve().is_relative_to(folder) for folder in seen):
            yield from ("--tmpfs", str(secret.resolve()))


def python_folders() -> list[Path]:
    """The folders of this Python, its packages and the kit, without those that lie in another or in /usr."""
    wanted = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_exec_prefix), Path(sys.executable).parent, _KIT}
    wanted |= {Path(sys.executable).resolve().parents[1]}
    for folder in wanted:
        if folder in (Path("/"), Path.home()):
            raise NoSandbox(
                f"Marking needs a sandbox, and this Python is installed in {folder}, which must stay hidden from it: "
                "use the Python that start.py sets up."
            )
    apart: list[Path] = []
    for folder in sorted(wanted):
        if not any(folder.is_relative_to(other) for other in [Path("/usr"), *apart]):
            apart.append(folder)
    return apart
