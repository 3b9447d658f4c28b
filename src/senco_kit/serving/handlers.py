"""What the server answers: pages, their files, the health address; and a plain page when there is nothing to show."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from senco_kit import __version__
from senco_kit.forms.draw import draw_screen
from senco_kit.kernels.template import CannotFork
from senco_kit.serving import site
from senco_kit.serving.frame import KINDS, LOOK, PAGE_FAILED, kit_fingerprint, plain_page
from senco_kit.serving.kernel_room import KernelRoom, RoomIsFull
from senco_kit.serving.prepared import (
    GREETING,
    KERNEL_ID,
    LONGEST_GREETING,
    Outputs,
    PreparedPage,
    PreparedPages,
    Shown,
)
from senco_kit.serving.rendering import FirstVisitRenderer, page_renderer

#: Seconds between two looks of the waiting page.
TRY_AGAIN = 5
#: Seconds between a page's farewell and the end of its kernel.
LAST_WORDS = 0.3


class KitHandler(web.RequestHandler):
    """A handler that says in plain words, in the kit's own frame, when something cannot be shown."""

    @property
    def room(self) -> KernelRoom:
        """The room of kernels."""
        room: KernelRoom = self.settings["kernel_manager"]
        return room

    @property
    def prepared(self) -> PreparedPages:
        """The pages that are ready before anyone asks."""
        prepared: PreparedPages = self.settings["senco_prepared"]
        return prepared

    @property
    def folder(self) -> Path:
        """The folder whose notebooks are the pages."""
        folder: Path = self.settings["senco_folder"]
        return folder

    @property
    def shared(self) -> bool:
        """Whether other computers can reach the kit."""
        return bool(self.settings["senco_shared"])

    def say(self, status: int, heading: str, sentences: list[str], again: int | None = None) -> None:
        """Answer with a plain page that needs no kernel and no script."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(plain_page(self.folder, heading, sentences, again, self.request.path, self.shared))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Never a traceback."""
        if status_code == 404:
            self.say_not_found()
        elif status_code >= 500:
            self.say(status_code, "This page could not be shown", [PAGE_FAILED])
        else:
            self.say(status_code, "The kit cannot answer this", ["Go to the home page and try from there."])

    def say_not_found(self) -> None:
        """Answer that there is no such page."""
        self.say(404, "Page not found", ["The kit has no page at this address. Choose a page from the menu."])


class NoPage(KitHandler):
    """Any address that is nothing else."""

    def prepare(self) -> None:
        """Not found, whatever the method."""
        if self.request.path.startswith("/api/"):
            # The browser's part of Jupyter asks for services that the kit does not have.
            self.set_status(404)
            self.finish({"message": "Not here"})
        else:
            self.say_not_found()


class Health(web.RequestHandler):
    """Says that the kit is here; starts no kernel."""

    def get(self) -> None:
        """A small JSON object."""
        self.set_header("Cache-Control", "no-store")
        room: KernelRoom = self.settings["kernel_manager"]
        kernels = room.count()
        self.finish(
            {
                "kit": "senco-course-kit",
                "version": __version__,
                "kernels": kernels,
                "free": room.free(),
                "prepared": self.settings["senco_prepared"].names(),
                "place": kit_fingerprint(),
            }
        )


class LookFile(web.RequestHandler):
    """The kit's own style sheets and script, by name; no path reaches the file system."""

    def get(self, name: str) -> None:
        """One file of the list."""
        file = LOOK.get(name)
        if file is None or not file.is_file():
            raise web.HTTPError(404)
        self.set_header("Content-Type", KINDS[file.suffix])
        # The address carries a fingerprint of the content, so a changed file has another address.
        fresh = "max-age=31536000, immutable" if self.get_query_argument("v", "") else "no-cache"
        self.set_header("Cache-Control", fresh)
        self.finish(file.read_bytes())


class KernelFacts(web.RequestHandler):
    """What the page asks before it connects to its kernel."""

    async def get(self, kernel_id: str) -> None:
        """The kernel's model, or 404 when it has ended."""
        room: KernelRoom = self.settings["kernel_manager"]
        await room.started(kernel_id)
        self.set_header("Content-Type", "application/json")
        if kernel_id not in room:
            self.set_status(404)
            self.finish({"message": "This page's kernel has ended."})
            return
        self.finish(json.dumps(room.kernel_model(kernel_id)))


class KernelSocket(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The line between a page and its kernel."""

    async def pre_get(self) -> None:
        """A page may come before its kernel."""
        await self.settings["kernel_manager"].started(self.kernel_id)
        await super().pre_get()


class PageClosed(web.RequestHandler):
    """The farewell that Voila's part in the browser sends when a page is closed."""

    async def post(self, kernel_id: str) -> None:
        """End the page's kernel; the gate has made sure that the page is ours."""
        # What was typed last may be on its way to the kernel still.
        await asyncio.sleep(LAST_WORDS)
        await self.settings["kernel_manager"].end(kernel_id)
        self.set_status(204)


class ShowPage(KitHandler):
    """A page: its frame at once, then the kernel's part as soon as it is there."""

    kernel_id: str | None = None
    writing: asyncio.Task[None] | None = None

    async def get(self, name: str = site.HOME) -> None:
        """Write the page of that name, or say plainly why not."""
        if name == site.HOME and self.request.path != "/":
            self.redirect("/")
            return
        page = site.pages(self.folder).get(name)
        if page is None:
            self.say_not_found()
            return
        try:
            self.kernel_id = self.room.keep()
        except RoomIsFull:
            self.set_header("Retry-After", str(TRY_AGAIN))
            self.say(503, "The kit is busy", BUSY, again=TRY_AGAIN)
            return
        try:
            self.writing = asyncio.ensure_future(self._write_page(page, self.kernel_id))
            await self.writing
        except (asyncio.CancelledError, StreamClosedError):
            await self.room.end(self.kernel_id)
        except Exception:
            self.settings["senco_log"].exception("The page %s could not be written", page.name)
            await self.room.end(self.kernel_id)
            await self._say_failed()
        finally:
            self.room.let_go(self.kernel_id)

    def on_connection_close(self) -> None:
        """The browser has gone before the page was whole: no kernel is started or kept for it."""
        if self.writing is not None:
            self.writing.cancel()

    async def _write_page(self, page: site.Page, kernel_id: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        ready = await self.prepared.ready(page)
        if ready is None or not await self._write_prepared(ready, page, kernel_id):
            await self._write_first(page, kernel_id)

    async def _write_prepared(self, ready: PreparedPage, page: site.Page, kernel_id: str) -> bool:
        """Write a page whose cells have been run; False, and nothing written, when its template does not fork.

        The page does not wait for its kernel, unless what it shows has changed since it was made last.
        """
        kernel: asyncio.Future[Any] | None = None

        async def greeting() -> Shown:
            nonlocal kernel
            kernel = self._start(kernel_id, template=ready.template, greet=GREETING)
            shown: Shown = await (await kernel).provisioner.greeting(LONGEST_GREETING)
            return shown

        try:
            self.write(ready.html(kernel_id, await ready.shown(await self.prepared.work(), greeting)))
            self.finish()
            kernel = kernel or self._start(kernel_id, template=ready.template)
            if (await kernel).provisioner.template is None:
                raise CannotFork
        except CannotFork:
            self.prepared.lose(page)
            # Its kernel knows nothing of the page.
            await self.room.end(kernel_id)
        finally:
            await _over(kernel)
        return self._finished

    async def _write_first(self, page: site.Page, kernel_id: str) -> None:
        """Write a page piece by piece while it is made ready, or while its kernel runs its cells."""
        kernel: asyncio.Future[Any] | None = None

        async def prepare() -> Outputs | None:
            nonlocal kernel
            await self.prepared.prepare(page)
            ready = await self.prepared.ready(page)
            if ready is None:
                return None
            kernel = self._start(kernel_id, template=ready.template)
            # A kernel that was started normally knows nothing of the page: it runs the cells itself.
            return ready.outputs if (await kernel).provisioner.template else None

        async def start() -> Any:
            nonlocal kernel
            kernel = kernel or self._start(kernel_id)
            return await kernel

        renderer = await page_renderer(self.settings, FirstVisitRenderer, page, kernel_id, draw_screen)
        renderer.prepare, renderer.start = prepare, start
        try:
            async for piece, _ in renderer.generate_content_generator(kernel_id):
                self.write(piece)
                await self.flush()
        finally:
            await _over(kernel)
        self.finish()

    def _start(self, kernel_id: str, **forking: Any) -> asyncio.Future[Any]:
        environment = self.settings["senco_kernel_environment"] | {KERNEL_ID: kernel_id}
        return asyncio.ensure_future(self.room.start(kernel_id, environment, self.folder, **forking))

    async def _say_failed(self) -> None:
        if not self._headers_written:
            self.clear()
            self.say(500, "This page could not be shown", [PAGE_FAILED])
        elif not self._finished:
            self.write(f'<p class="frame-problem" role="alert">{PAGE_FAILED}</p></main></body></html>')
            self.finish()


async def _over(kernel: asyncio.Future[Any] | None) -> None:
    """Cancelled or not, the start of a kernel must be over before it can be ended."""
    if kernel is not None:
        await asyncio.gather(kernel, return_exceptions=True)


BUSY = [
    "As many pages are open as this computer can carry.",
    "Close a page of the kit that you no longer need; work that was saved stays saved.",
]
