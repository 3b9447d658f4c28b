"""Writes a page's HTML: Voila's renderer, with the kit's template and the kit's own frame."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from voila.notebook_renderer import NotebookRenderer

from senco_kit.serving import site
from senco_kit.serving.frame import PAGE_END, PAGE_FAILED, frame
from senco_kit.serving.prepared import Draw, Outputs


class KitRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voila's renderer, which reads the notebook itself: no trust database, no checkpoints, no other place."""

    file: Path

    async def load_notebook(self, path: str) -> Any:
        """Read and check the notebook; the kernel is always the kit's own Python."""
        notebook = nbformat.read(self.file, as_version=4)  # type: ignore[no-untyped-call]
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return notebook


class OutputsRenderer(KitRenderer):
    """Writes a page whose cells have been run already: it needs no kernel."""

    outputs: Outputs | None

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> str:
        return kernel_id

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        outputs = iter(self.outputs or ())
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = [nbformat.from_dict(output) for output in next(outputs)]  # type: ignore[no-untyped-call]
            yield cell


class FirstVisitRenderer(OutputsRenderer):
    """Writes a page that is not ready yet: its opening words at once, the rest as soon as it has been made ready.

    Where it cannot be made ready its cells are run in a kernel of its own, as Voila does.
    """

    #: Makes the page ready; gives the outputs of its cells, or None.
    prepare: Callable[[], Awaitable[Outputs | None]]
    #: Starts a kernel for it that has run nothing.
    start: Callable[[], Awaitable[Any]]
    outputs: Outputs | None

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> str:
        self.outputs = await self.prepare()
        if self.outputs is None:
            await NotebookRenderer._jinja_kernel_start(self, nb, kernel_id, self.start())
        return kernel_id

    def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        if self.outputs is None:
            run: AsyncIterator[Any] = NotebookRenderer._jinja_cell_generator(self, nb, kernel_id)
            return run
        return super()._jinja_cell_generator(nb, kernel_id)


Renderer = TypeVar("Renderer", bound=KitRenderer)


async def page_renderer(
    settings: Mapping[str, Any], kind: type[Renderer], page: site.Page, kernel_id: str, draw: Draw
) -> Renderer:
    """A renderer for a page. settings: those of the server's application; draw: gives the HTML of a form."""
    folder: Path = settings["senco_folder"]
    renderer = kind(
        voila_configuration=settings["senco_voila_configuration"],
        traitlet_config=settings["senco_config"],
        notebook_path=page.notebook,
        template_paths=settings["senco_template_paths"],
        contents_manager=settings["contents_manager"],
        base_url="/",
        page_config={**settings["senco_page_config"], "kernelId": kernel_id},
    )
    renderer.file = folder / page.notebook
    await renderer.initialize()
    renderer.resources["opening_cells"] = opening_cells(renderer.notebook)
    renderer.resources["draw_screen"] = draw
    renderer.resources["frame"] = frame(folder, page.name, page.title, bool(settings["senco_shared"]))
    renderer.resources["page_failed"] = PAGE_FAILED
    renderer.resources["page_end"] = PAGE_END
    return renderer


async def written(settings: Mapping[str, Any], page: site.Page, outputs: Outputs, kernel_id: str, draw: Draw) -> str:
    """The whole HTML of a page whose cells have given these outputs."""
    renderer = await page_renderer(settings, OutputsRenderer, page, kernel_id, draw)
    renderer.outputs = outputs
    return "".join([piece async for piece, _ in renderer.generate_content_generator(kernel_id)])


def opening_cells(notebook: Any) -> int:
    """How many Markdown cells a notebook begins with; they need no kernel."""
    kinds = [cell.cell_type for cell in notebook.cells]
    return next((place for place, kind in enumerate(kinds) if kind != "markdown"), len(kinds))
