"""Pages that are ready before anyone asks: their cells have been run and their HTML has been written once.

Each visitor gets a kernel forked from the page's template, and the HTML with what is the visitor's own put in: the id
of the kernel, and the page's forms as that kernel shows them now.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from senco_kit.forms.draw import SCREEN_MIME, draw_screen
from senco_kit.kernels import settings, templates
from senco_kit.kernels.template import CannotFork, Template
from senco_kit.places import KIT, work_folder
from senco_kit.serving import site
from senco_kit.serving.site import Page, code_cells

#: What each visitor's kernel does first: it makes the HTML of its forms anew.
GREETING = "senco_kit.forms.screen:shown_now"
#: Seconds that a visitor's kernel is given for it.
LONGEST_GREETING = 30.0
#: Seconds between two looks at whether a file has changed.
LOOK_EVERY = 1.0

_log = logging.getLogger(__name__)

Outputs = list[list[dict[str, Any]]]
Draw = Callable[[Mapping[str, Any]], str]
#: Gives the HTML of a page from the outputs of its code cells, for a kernel with this id, its forms drawn like that.
WritePage = Callable[[Page, Outputs, str, Draw], Awaitable[str]]

#: The variable in which Voila tells a kernel that it belongs to a page, and its id.
KERNEL_ID = "VOILA_KERNEL_ID"
_KERNEL = "kernel"


Shown = Mapping[str, Mapping[str, Any]]


class PreparedPage:
    """A page whose cells have been run in a template."""

    def __init__(self, template: Template, outputs: Outputs, html: str, mark: str) -> None:
        self.template = template
        #: What its cells gave when the page was made ready.
        self.outputs = outputs
        pieces = re.split(f"{mark}([0-9a-z]+)-", html)
        #: The page's HTML in pieces; between them stands what each visitor has of their own: "kernel", or a form's id.
        self._pieces, self._own = pieces[::2], pieces[1::2]
        self._shown: asyncio.Future[Shown] | None = None
        self._shown_of: object = None

    def html(self, kernel_id: str, shown: Shown) -> str:
        """The whole page for this kernel. `shown`: its forms, by the id of their model."""
        own = (kernel_id if each == _KERNEL else str(draw_screen(shown[each])) for each in self._own)
        return "".join(part for pair in zip(self._pieces, [*own, ""], strict=True) for part in pair)

    async def shown(self, work: object, ask: Callable[[], Awaitable[Shown]]) -> Shown:
        """What the page's forms show for work that looks like this: asked of one visitor's kernel, told to all.

        A class that opens a page together need not wait for one another's kernels. When the one who asks goes away or
        fails, the next one asks.
        """
        while True:
            if self._shown is None or self._shown_of != work:
                self._shown, self._shown_of = asyncio.get_running_loop().create_future(), work
                return await self._ask(self._shown, ask)
            waiting = self._shown
            try:
                return await asyncio.shield(waiting)
            except asyncio.CancelledError:
                if not waiting.cancelled():
                    raise

    def showed(self, work: object, shown: Shown) -> None:
        """Keep what the forms showed for work that looked like this."""
        self._shown, self._shown_of = asyncio.get_running_loop().create_future(), work
        self._shown.set_result(shown)

    async def _ask(self, answer: asyncio.Future[Shown], ask: Callable[[], Awaitable[Shown]]) -> Shown:
        try:
            shown = await ask()
        except BaseException:
            if self._shown is answer:
                self._shown = None
            answer.cancel()
            raise
        answer.set_result(shown)
        return shown


class PreparedPages:
    """The prepared pages of a server: made one after the other, and anew when a file that they show has changed."""

    def __init__(self, folder: Path, environment: Mapping[str, str], write: WritePage) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._write = write
        self._content = (folder, KIT / "audit", KIT / "datasets", KIT / "modules")
        self._work_folder = work_folder()
        self._ready: dict[str, PreparedPage] = {}
        #: Pages that could not be made ready, until a file changes.
        self._given_up: set[str] = set()
        self._stamp: settings.Stamp = ()
        self._looked_at = 0.0
        self._being_made: dict[str, asyncio.Task[None]] = {}
        self._in_background: set[asyncio.Task[None]] = set()

    async def ready(self, page: Page) -> PreparedPage | None:
        """The page, if it is ready and nothing that it shows has changed since."""
        await self._notice_changes()
        ready = self._ready.get(page.name)
        if ready is not None and not ready.template.is_alive():
            self.lose(page)
            return None
        return ready

    def names(self) -> list[str]:
        """The pages that are ready."""
        return sorted(self._ready)

    async def work(self) -> object:
        """How the person's work looks now: what a page's forms show is the same as long as this is, and no longer."""
        return await asyncio.to_thread(_looks, self._work_folder)

    async def prepare(self, page: Page) -> None:
        """Make a page ready, if it is not and if that can be done; whoever asks meanwhile waits with the first.

        It takes no longer than one kernel that is started normally, so a class that comes early loses nothing.
        """
        if page.name in self._ready or page.name in self._given_up or not page.prepared:
            return
        task = self._being_made.get(page.name)
        if task is None:
            task = self._being_made[page.name] = asyncio.ensure_future(self._prepare(page))
            task.add_done_callback(lambda _: self._being_made.pop(page.name, None))
        await asyncio.shield(task)

    def prepare_all(self, pages: Iterable[Page]) -> None:
        """Make pages ready in the background, one after the other."""

        async def one_after_the_other() -> None:
            for page in pages:
                await self.prepare(page)

        task = asyncio.ensure_future(one_after_the_other())
        self._in_background.add(task)
        task.add_done_callback(self._in_background.discard)

    def lose(self, page: Page) -> None:
        """Use this page's template no more: it does not fork."""
        lost = self._ready.pop(page.name, None)
        if lost is not None:
            lost.template.retire()

    async def close(self) -> None:
        """End everything that was made ready. No kernel may live any more that was forked from it."""
        tasks = [*self._in_background, *self._being_made.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for page in self._ready.values():
            page.template.close()
        self._ready.clear()
        await asyncio.to_thread(templates.OURS.close)

    async def _prepare(self, page: Page) -> None:
        await self._notice_changes()
        stamp, work = self._stamp, await self.work()
        try:
            template, outputs = await asyncio.to_thread(self._run, page)
            made = await self._written(page, template, outputs)
        except Exception as problem:
            # Whatever it is, the page is then opened without, and says itself what is wrong with it.
            why = problem if isinstance(problem, CannotFork) else type(problem).__name__
            self._given_up.add(page.name)
            _log.warning("The page %s is not made ready in advance: %s.", page.name, why)
            return
        if stamp != self._stamp:
            # A file has changed meanwhile.
            template.close()
            return
        made.showed(work, _forms(outputs))
        self._ready[page.name] = made

    def _run(self, page: Page) -> tuple[Template, Outputs]:
        """Run the cells of a page in a template of its own. Raises CannotFork."""
        environment = self._environment | {KERNEL_ID: ""}
        for last in (False, True):
            base = templates.OURS.make(self._environment)
            if base is None:
                break
            try:
                return base.page(code_cells(self._folder, page), environment, str(self._folder))
            except CannotFork:
                # It may have ended, or a newer one may have taken its place, just now.
                if last or base.is_alive():
                    raise
                templates.OURS.lose(base)
        raise CannotFork("kernels are not forked here")

    async def _written(self, page: Page, template: Template, outputs: Outputs) -> PreparedPage:
        # No one can have written such a mark, so nothing else is taken for it.
        mark = f"senco-own-{secrets.token_hex(16)}-"
        html = await self._write(page, outputs, f"{mark}{_KERNEL}-", lambda data: f"{mark}{data['model']}-")
        return PreparedPage(template, outputs, html, mark)

    async def _notice_changes(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        stamp = await asyncio.to_thread(settings.stamp, *self._content)
        if stamp != self._stamp:
            self._stamp = stamp
            out_of_date, self._ready = self._ready, {}
            self._given_up.clear()
            for ready in out_of_date.values():
                ready.template.retire()
            found = site.pages(self._folder)
            self.prepare_all([found[name] for name in out_of_date if name in found])


def _forms(outputs: Outputs) -> Shown:
    drawn = [output["data"] for cell in outputs for output in cell if SCREEN_MIME in output.get("data", {})]
    return {str(data[SCREEN_MIME]["model"]): data[SCREEN_MIME] for data in drawn}


def _looks(folder: Path) -> object:
    # The file that SQLite's readers keep their locks in changes when somebody only looks.
    files = [each for each in settings.files_in(folder) if not each[0].endswith("-shm")]
    return date.today(), sorted(files)
