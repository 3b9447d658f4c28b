"""How a forked kernel goes into a sandbox that stands already, and makes sure that it is inside.

The fork joins every namespace that bubblewrap made and forks once more, for only a new process belongs to the other
processes of the sandbox. The process between stays outside, where the inside cannot see it, and ends when the kernel
does.
The kernel gives up every right, and looks whether it is where it should be before anything else runs: a kernel that is
not walled in never begins.

The wall is the same as for a kernel that bubblewrap starts: its own files (the system and this Python, not to be
written; a copy of the answers; a small /tmp), processes, network without a way out, host name and messages; no
capability and no way to one; limits of the operating system; the watcher outside. What an attacker inside could see
besides: the memory of the template, in which all marking kernels of a run begin alike (the addresses of its libraries,
Python's hash seed; what it has imported, the kit's rules of marking among it). The template has read nothing of the
course, has an environment of its own, and keeps no file and no socket that a kernel gets, but for one: the lifeline, on
which the owner no longer listens once the kernel begins. Submitted code does not run at all, see `only_answers.py`.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from senco_kit.marking.sandbox.inside import set_limits, stop_being_root

#: Numbers from Linux's own headers: linux/sched.h, linux/prctl.h, linux/capability.h, linux/nsfs.h.
_NEW_USER_NAMESPACE = 0x10000000
_SET_DUMPABLE, _DROP_FROM_BOUNDS, _NO_NEW_RIGHTS = 4, 24, 38
_CAPABILITIES_VERSION = 0x20080522
_OWNER_OF_NAMESPACE = 0xB701

#: What bubblewrap takes apart; the user namespace comes apart from these.
_KINDS = ("cgroup", "ipc", "uts", "net", "pid", "mnt")

_libc = ctypes.CDLL(None, use_errno=True)


class NotInside(Exception):
    """The sandbox could not be entered; the text says why."""


def namespaces_of(process: int) -> dict[str, int]:
    """The namespaces of a process that are not this one's own, by kind: the number of each."""
    kinds = {kind: _number(str(process), kind) for kind in (*_KINDS, "user")}
    return {kind: number for kind, number in kinds.items() if number != _number("self", kind)}


def enter(settings: Mapping[str, Any], descriptors: Collection[int]) -> None:
    """Go into the sandbox of a process. Returns inside it, in a new process with these descriptors and no rights.

    settings: "process", in whose namespaces to be; "namespaces", as `namespaces_of` told of it; "user", for root: who
    to be inside; "limits", as of `limits.Limits`.
    """
    wanted = dict(settings["namespaces"])
    if not wanted.keys() >= {"ipc", "uts", "net", "pid", "mnt"}:
        raise NotInside("the sandbox shares namespaces with its outside")
    _join(int(settings["process"]), wanted)
    kernel = os.fork()
    if kernel:
        _end_as(kernel)
    os.setsid()
    _close_all_but(descriptors)
    set_limits(settings["limits"], settings["user"])
    _give_up_rights(settings["user"])
    _look_around(wanted, settings["user"])


def inside() -> bool:
    """What a kernel tells its owner before it begins: `enter` has returned, and so it is inside."""
    return True


def _join(process: int, wanted: Mapping[str, int]) -> None:
    """Join the namespaces, all but one of which take effect at once: that of processes does for the next fork."""
    opened = {kind: os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC) for kind in wanted}
    for kind, descriptor in opened.items():
        if os.fstat(descriptor).st_ino != wanted[kind]:
            raise NotInside("the sandbox has ended")
    if "user" in opened:
        # bubblewrap makes two of them, one in the other. All else belongs to the outer one, where rights are needed.
        outer = _libc.ioctl(opened["mnt"], _OWNER_OF_NAMESPACE)
        if outer < 0:
            raise _problem("finding the owner of the sandbox")
        if os.fstat(outer).st_ino not in (_number("self", "user"), wanted["user"]):
            _set_namespace(outer, _NEW_USER_NAMESPACE)
        os.close(outer)
    for kind in _KINDS:
        if kind in opened:
            _set_namespace(opened[kind], 0)
    if "user" in opened:
        _set_namespace(opened["user"], _NEW_USER_NAMESPACE)
    for descriptor in opened.values():
        os.close(descriptor)


def _set_namespace(descriptor: int, kind: int) -> None:
    if _libc.setns(descriptor, kind):
        raise _problem("joining a namespace")


def _end_as(kernel: int) -> None:
    """Wait for the kernel and end as it did."""
    # It would keep open what the kernel closes.
    os.closerange(0, 256)
    _, status = os.waitpid(kernel, 0)
    if os.WIFSIGNALED(status):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _close_all_but(descriptors: Collection[int]) -> None:
    for entry in list(Path("/proc/self/fd").iterdir()):
        number = int(entry.name)
        if number > 2 and number not in descriptors:
            try:
                os.close(number)
            except OSError:
                continue  # the one that listed the folder


def _give_up_rights(user: int | None) -> None:
    """Hold no capability, and be unable to get one: by no program, and by no set that is kept aside."""
    _control(_NO_NEW_RIGHTS, 1)
    for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
        _control(_DROP_FROM_BOUNDS, capability)
    stop_being_root(user)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    if _libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise _problem("giving up capabilities")
    _control(_SET_DUMPABLE, 0)


def _look_around(wanted: Mapping[str, int], user: int | None) -> None:
    """Make sure that this process is where it should be, and can do no more than it should. Raises NotInside."""
    for kind, number in wanted.items():
        if _number("self", kind) != number:
            raise NotInside(f"the namespace of {kind} is not the sandbox's")
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    rights = [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(status[name], 16)]
    if rights or status["NoNewPrivs"] != "1":
        raise NotInside("rights are left")
    if 0 in (*os.getresuid(), *os.getresgid()) or (user is not None and os.getgroups()):
        raise NotInside("it is root")


def _number(process: str, kind: str) -> int:
    return Path(f"/proc/{process}/ns/{kind}").stat().st_ino


def _control(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0):
        raise _problem("giving up rights")


def _problem(doing: str) -> NotInside:
    return NotInside(f"{doing}: {os.strerror(ctypes.get_errno())}")
