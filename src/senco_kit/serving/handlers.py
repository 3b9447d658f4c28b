"""What the server answers: pages, their files, the health address; and a plain page when there is nothing to show."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import nbformat
from tornado import web
from tornado.iostream import StreamClosedError
from voila.notebook_renderer import NotebookRenderer

from senco_kit import __version__
from senco_kit.serving import site
from senco_kit.serving.frame import KINDS, LOOK, PAGE_END, PAGE_FAILED, frame, kit_fingerprint, plain_page
from senco_kit.serving.kernel_room import KernelRoom, RoomIsFull

#: Seconds between two looks of the waiting page.
TRY_AGAIN = 5


class KitHandler(web.RequestHandler):
    """A handler that says in plain words, in the kit's own frame, when something cannot be shown."""

    @property
    def room(self) -> KernelRoom:
        """The room of kernels."""
        room: KernelRoom = self.settings["kernel_manager"]
        return room

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
                "free": max(0, room.most_kernels - kernels),
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

    def get(self, kernel_id: str) -> None:
        """The kernel's model, or 404 when it has ended."""
        room: KernelRoom = self.settings["kernel_manager"]
        self.set_header("Content-Type", "application/json")
        if kernel_id not in room:
            self.set_status(404)
            self.finish({"message": "This page's kernel has ended."})
            return
        self.finish(json.dumps(room.kernel_model(kernel_id)))


class PageClosed(web.RequestHandler):
    """The farewell that Voila's part in the browser sends when a page is closed."""

    async def post(self, kernel_id: str) -> None:
        """End the page's kernel; the gate has made sure that the page is ours."""
        await self.settings["kernel_manager"].end(kernel_id)
        self.set_status(204)


class KitRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voila's renderer, which reads the notebook itself: no trust database, no checkpoints, no other place."""

    file: Path

    async def load_notebook(self, path: str) -> Any:
        """Read and check the notebook; the kernel is always the kit's own Python."""
        notebook = nbformat.read(self.file, as_version=4)  # type: ignore[no-untyped-call]
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return notebook


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
        renderer = await self._renderer(page, kernel_id)
        environment = dict(self.settings["senco_kernel_environment"])
        kernel = asyncio.ensure_future(self.room.start(kernel_id, environment, self.folder))
        try:
            async for piece, _ in renderer.generate_content_generator(kernel_id, kernel):
                self.write(piece)
                await self.flush()
        finally:
            # Cancelled or not, the start must be over before the kernel can be ended.
            await asyncio.gather(kernel, return_exceptions=True)
        self.finish()

    async def _renderer(self, page: site.Page, kernel_id: str) -> KitRenderer:
        settings = self.settings
        renderer = KitRenderer(
            request_handler=self,
            voila_configuration=settings["senco_voila_configuration"],
            traitlet_config=settings["senco_config"],
            notebook_path=page.notebook,
            template_paths=settings["senco_template_paths"],
            contents_manager=settings["contents_manager"],
            base_url="/",
            page_config={**settings["senco_page_config"], "kernelId": kernel_id},
        )
        renderer.file = self.folder / page.notebook
        await renderer.initialize()
        renderer.resources["opening_cells"] = opening_cells(renderer.notebook)
        renderer.resources["frame"] = frame(self.folder, page.name, page.title, self.shared)
        renderer.resources["page_failed"] = PAGE_FAILED
        renderer.resources["page_end"] = PAGE_END
        return renderer

    async def _say_failed(self) -> None:
        if not self._headers_written:
            self.clear()
            self.say(500, "This page could not be shown", [PAGE_FAILED])
        elif not self._finished:
            self.write(f'<p class="frame-problem" role="alert">{PAGE_FAILED}</p></main></body></html>')
            self.finish()


def opening_cells(notebook: Any) -> int:
    """How many Markdown cells a notebook begins with; they need no kernel."""
    kinds = [cell.cell_type for cell in notebook.cells]
    return next((place for place, kind in enumerate(kinds) if kind != "markdown"), len(kinds))


BUSY = [
    "As many pages are open as this computer can carry.",
    "Close a page of the kit that you no longer need; work that was saved stays saved.",
]
