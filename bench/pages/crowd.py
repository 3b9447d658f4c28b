"""Many visitors at one moment, and many pages open together: times, processor seconds, memory, and what is left."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Any

import processes
import visitors
from figures import of
from kit_form import WORK
from practice import level_of, statements
from servers import Server

#: So many pages are opened at one moment until all are open; stock Voila takes long enough over them.
AT_ONE_MOMENT = 10
#: Seconds that open pages are left alone before their memory is looked at.
SETTLE = 2


async def arrivals(server: Server, count: int, answering: bool, patience: float) -> dict[str, Any]:
    """So many visitors at one moment, then their memory, then all leave."""
    at_first, own = processes.processor_seconds([server.mark]), time.process_time()
    before = set(at_first)
    came = await visitors.arrive_together(server.address, count, answers(count, answering))
    at_last = processes.processor_seconds([server.mark])
    busy = {pid: seconds - at_first.get(pid, 0) for pid, seconds in at_last.items()}
    own = time.process_time() - own
    await asyncio.sleep(SETTLE)
    found = {
        "arrivals": count,
        "times": {name: spread(came, name) for name in ("first byte", "complete", "connected", "answered", "saved")},
        "form_in_page": sum(visitor.form_in_page for visitor in came),
        "page_bytes": statistics.median(visitor.size for visitor in came),
        "processor_seconds_each": sum(busy.values()) / count,
        "processor_seconds_each_of": {
            "server": busy.get(server.pid, 0) / count,
            "ready before": sum(busy[pid] for pid in before & set(busy) - {server.pid}) / count,
            "kernels": sum(busy[pid] for pid in set(busy) - before) / count,
        },
        "processor_seconds_of_the_visitors": own,
        **memory_each(server, before, count),
    }
    return found | await leave(server, came, before, patience)


async def pages_open(server: Server, count: int, patience: float) -> dict[str, Any]:
    """Open so many pages, a few at a time; when all are open, ask each whether it answers."""
    before, begun = processes.pids(server.mark), time.perf_counter()
    came: list[visitors.Visitor] = []
    while len(came) < count:
        several = min(AT_ONE_MOMENT, count - len(came))
        came += await visitors.arrive_together(server.address, several, [None] * several)
    opened = time.perf_counter() - begun
    await asyncio.sleep(SETTLE)
    answered = await visitors.ping_together(came)
    await asyncio.sleep(SETTLE)
    found = {
        "open": count,
        "seconds_to_open": opened,
        "answering": len(answered),
        "answered": of(answered),
        **memory_each(server, before, count),
    }
    return found | await leave(server, came, before, patience)


async def leave(server: Server, came: list[visitors.Visitor], before: set[int], patience: float) -> dict[str, Any]:
    """All leave; when their kernels have ended, how many processes are left if they do not, what went wrong."""
    begun = time.perf_counter()
    await visitors.leave_together(server.address, came)

    def extra() -> int:
        return len(processes.pids(server.mark)) - len(before)

    # What a server makes ready for the next visitors is as much as it had before, so only the number counts.
    all_gone = processes.until(lambda: extra() <= 0, patience)
    return {
        "gone_after": time.perf_counter() - begun if all_gone else None,
        "left": 0 if all_gone else max(0, extra()),
        "wrong": [visitor.wrong for visitor in came if visitor.wrong],
    }


def answers(count: int, answering: bool) -> list[dict[str, str] | None]:
    """For each visitor an answer to another statement."""
    names = [level_of(name) for name, _ in statements()]
    if not answering:
        return [None] * count
    return [{"form": WORK, "name": names[place % len(names)], "value": str(place % 5 + 1)} for place in range(count)]


def memory_each(server: Server, before: set[int], count: int) -> dict[str, Any]:
    """The memory of the kernels that the visitors have, and of everything."""
    now = processes.pids(server.mark)
    kernels = processes.memory(now - before) or processes.memory(now)
    return {
        "kernels": len(now - before),
        "uss": of([each.uss for each in kernels]),
        "pss": of([each.pss for each in kernels]),
        "pss_of_all_each": sum(each.pss for each in processes.memory(now)) / count,
    }


def spread(came: Sequence[visitors.Visitor], name: str) -> dict[str, float]:
    """The first, the median and the last of those who came so far."""
    return of([visitor.times[name] for visitor in came if name in visitor.times])
