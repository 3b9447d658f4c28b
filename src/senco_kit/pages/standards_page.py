"""The Standards page: browse any framework, and see what each item corresponds to in the others.

Places of the page: nothing (every framework), FRAMEWORK, FRAMEWORK/OUTCOME.
"""

from __future__ import annotations

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.pages.drawing import draw
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.work import standards
from senco_kit.standards import read
from senco_kit.standards.model import Framework, Outcome


class StandardsPage(KitPage):
    """Shows what audit/frameworks/ and audit/crosswalk.csv say. It asks nothing."""

    title = "Standards"
    way_on = "All standards"

    def show(self, where: str) -> View:
        """The list of frameworks, or one framework with its items."""
        framework_id, _, outcome_id = where.strip("/").partition("/")
        frameworks, broken = standards()
        if not framework_id:
            return View("Standards", draw("standards/list.html", frameworks=tuple(frameworks.values()), broken=broken))
        framework = frameworks.get(framework_id)
        if framework is None:
            raise Refused("There is no standard with this name here.")
        html = draw(
            "standards/framework.html",
            framework=framework,
            correspondences={outcome.id: correspondences(framework, outcome) for outcome in framework.outcomes()},
            levels=read.levels(),
        )
        return View(framework.title, html, focus=f"outcome-{outcome_id}" if outcome_id else "")


def correspondences(framework: Framework, outcome: Outcome) -> tuple[tuple[Framework, tuple[Outcome, ...]], ...]:
    """Every other framework, with the outcomes in it that correspond to this one; none where nothing does."""
    found = []
    for other in standards()[0].values():
        if other.id != framework.id:
            ids = read.corresponding(framework.id, outcome.id, other.id)
            found.append((other, tuple(each for each in other.outcomes() if each.id in ids)))
    return tuple(found)
