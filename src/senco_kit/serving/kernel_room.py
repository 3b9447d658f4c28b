"""The room in which kernels live: never more than its number, none left that no page uses."""

from __future__ import annotations

import asyncio
import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Integer

from senco_kit.serving.limits import free_memory

#: Seconds that a kernel is given to end by itself before it is made to.
FAREWELL = 3.0


class RoomIsFull(Exception):
    """No further kernel may start until one has ended."""


class OwnPythonOnly(KernelSpecManager):
    """Finds one kernel only: the Python that runs the kit, whatever else is installed on the computer."""

    def _kernel_dirs_default(self) -> list[str]:
        return []


class KernelRoom(AsyncMappingKernelManager):  # type: ignore[misc]
    """Jupyter's kernel manager with a cap, and with culling that begins when the last page has gone."""

    most_kernels = Integer(10, config=True, help="The most kernels at once, those being started included.")
    least_free = Integer(0, config=True, help="The bytes of memory that must be free for another kernel.")

    def __init__(self, **settings: Any) -> None:
        """As Jupyter's own, with nothing kept yet."""
        super().__init__(**settings)
        self._kept: set[str] = set()
        self._ending: dict[str, asyncio.Task[None]] = {}
        self._starting: dict[str, asyncio.Future[None]] = {}

    def keep(self) -> str:
        """Keep a place for a kernel that is about to start; returns its id. Raises RoomIsFull.

        Nothing waits between the count and the keeping, so a crowd of requests cannot pass together.
        """
        if self.free() < 1:
            raise RoomIsFull
        kernel_id = str(uuid.uuid4())
        self._kept.add(kernel_id)
        return kernel_id

    def let_go(self, kernel_id: str) -> None:
        """The page has been written (or has failed): from now on its kernel is culled like any other."""
        self._kept.discard(kernel_id)
        self._touch(kernel_id)

    def free(self) -> int:
        """How many more kernels may be started: none while memory is short, however few there are."""
        enough = free_memory() >= self.least_free
        return max(0, self.most_kernels - self.count()) if enough else 0

    def count(self) -> int:
        """How many kernels live or are being started or ended."""
        return len(set(self._kernels) | self._kept | set(self._ending))

    async def start(self, kernel_id: str, environment: dict[str, str], folder: Path, **forking: Any) -> Any:
        """Start the kernel of a kept place and return its manager. forking: see ForkProvisioner."""
        starting = self._starting[kernel_id] = asyncio.get_running_loop().create_future()
        try:
            return await self._start(kernel_id, environment, folder, forking)
        finally:
            del self._starting[kernel_id]
            starting.set_result(None)

    async def _start(self, kernel_id: str, environment: dict[str, str], folder: Path, forking: dict[str, Any]) -> Any:
        await self.start_kernel(
            kernel_id=kernel_id,
            kernel_name="python3",
            env=environment,
            cwd=str(folder),
            # What a kernel prints would stand in the teacher's terminal.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **forking,
        )
        return self.get_kernel(kernel_id)

    async def started(self, kernel_id: str) -> None:
        """Wait for a kernel that is being started; at once when it is not."""
        if kernel_id in self._starting:
            await asyncio.shield(self._starting[kernel_id])

    async def end(self, kernel_id: str) -> None:
        """End a kernel if it lives; called twice it waits for the first call."""
        await self.started(kernel_id)
        task = self._ending.get(kernel_id)
        if task is None:
            if kernel_id not in self:
                return
            task = asyncio.ensure_future(self._end(kernel_id))
            self._ending[kernel_id] = task
            task.add_done_callback(lambda _: self._ending.pop(kernel_id, None))
        await asyncio.shield(task)

    async def _end(self, kernel_id: str) -> None:
        kernel = self.get_kernel(kernel_id)
        # Only a kernel that is doing something has anything to finish: every answer is saved when it is given.
        ending = asyncio.ensure_future(self.shutdown_kernel(kernel_id, now=kernel.execution_state != "busy"))
        done, _ = await asyncio.wait({ending}, timeout=FAREWELL)
        if not done and kernel.provisioner is not None:
            await kernel.provisioner.kill()
        await ending

    async def end_all(self) -> None:
        """End every kernel, those still being started too; after this the room takes none."""
        self.most_kernels = 0
        await asyncio.gather(*list(self._pending_kernels.values()), return_exceptions=True)
        await asyncio.gather(*(self.end(kernel_id) for kernel_id in list(self._kernels)), return_exceptions=True)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Leave a kernel alone whose page is still being written; Jupyter's rule for the others."""
        if kernel_id not in self._kept and kernel_id not in self._ending:
            await super().cull_kernel_if_idle(kernel_id)

    def notify_connect(self, kernel_id: str) -> None:
        """A page has connected."""
        super().notify_connect(kernel_id)
        self._touch(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """A page has gone: the time to culling begins now, not at the last answer given."""
        super().notify_disconnect(kernel_id)
        self._touch(kernel_id)

    def _touch(self, kernel_id: str) -> None:
        if kernel_id in self._kernels:
            self._kernels[kernel_id].last_activity = datetime.now(UTC)
