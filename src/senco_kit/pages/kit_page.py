"""What all pages of the kit have in common: a place that cannot be shown says why and shows the way on."""

from __future__ import annotations

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Page, View
from senco_kit.pages.drawing import draw
from senco_kit.places import FolderProblem
from senco_kit.standards.problems import ContentProblem


class KitPage(Page):
    """A page of the kit. `title` is its name; `way_on` is the text of the link back to its start."""

    title: str
    way_on: str

    def show(self, where: str) -> View:
        """What to show at a place of the page. May raise Refused, ContentProblem or FolderProblem."""
        raise NotImplementedError

    def view(self, where: str) -> View:
        """What to show at a place of the page, or a sentence that says why it cannot be shown."""
        try:
            return self.show(where)
        except (Refused, ContentProblem, FolderProblem) as problem:
            html = draw("problem.html", says=str(problem), back="#/" if where else "/", back_label=self.way_on)
            return View(self.title, html)
