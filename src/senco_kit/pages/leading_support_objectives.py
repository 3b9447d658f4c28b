"""Role objectives of support staff, teachers and the SENCO, with examples to begin from."""

from __future__ import annotations

from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask
from senco_kit.pages.work import work
from senco_kit.planning import support
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.role_objectives_file import Example, examples

_ASKED = ("role", "objective", "measure", "evidence", "help", "by", "came_of_it")


def all_of(cycle: Cycle) -> View:
    """The objectives of the cycle, and the examples by role."""
    by_role: dict[str, list[Example]] = {}
    for each in examples().values():
        by_role.setdefault(each.role, []).append(each)
    begun = {record.text("from_example") for record in cycle.of("role-objective")}
    html = draw("leading/support_objectives.html", cycle=cycle, by_role=by_role, begun=begun)
    return View("Role objectives", html)


def one(cycle: Cycle, record_id: str) -> View:
    """One objective."""
    record = cycle.find(record_id, "role-objective")
    if record is None:
        raise Refused("This objective is no longer here. Go back to Role objectives.")
    example = examples().get(record.text("from_example"))
    html = draw(
        "leading/support_objective.html",
        cycle=cycle,
        record=record,
        fields=ask(record, *_ASKED),
        check=check_of(record),
        facts=example.facts if example else (),
    )
    return View("A role objective", html)


def check_of(record: Record) -> Markup:
    """A sentence when an objective rests on figures alone, else nothing."""
    if support.figures_only(record):
        return Markup("Figures alone do not make an objective: say what you will look at, so that you both can see it.")
    return Markup("")


def from_example(cycle: Cycle, example_id: str) -> GoTo:
    """Begin an objective from an example: a copy, to be changed."""
    example = examples().get(example_id)
    if example is None:
        raise Refused("This example is no longer here. Reload the page.")
    texts = {name: getattr(example, name) for name in ("role", "objective", "measure", "evidence", "help")}
    with work() as store:
        record_id = store.cycles.add(cycle.id, "role-objective", {**texts, "from_example": example.id})
    return GoTo(f"{cycle.id}/support/{record_id}", "A copy of the example is yours. Change it to fit.")
