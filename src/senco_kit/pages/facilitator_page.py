"""The facilitator's page: cohorts from the first release to the results, marks by rubric, and notes for sessions.

Places of the page (what stands in the address after "#/"):

    (nothing)                                     what to do here, the cohorts, the sessions
    new                                           make a cohort
    cohort/NAME                                   how far each module is, and its next step; collecting
    cohort/NAME/results                           marks by learner, results by outcome
    cohort/NAME/MODULE                            the learners in a module
    cohort/NAME/MODULE/rubric                     the written answers that a person marks
    cohort/NAME/MODULE/rubric/LEARNER/QUESTION    one of them
    session/N, session/N/VERSION/HHMM             notes for a session; with a version and a start
    session/N/hand-out                            its hand-out, to print
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import Answer, Parts, View
from senco_kit.pages import facilitator_collecting as collecting
from senco_kit.pages import facilitator_learners as learners
from senco_kit.pages import facilitator_modules as modules
from senco_kit.pages import facilitator_results as results
from senco_kit.pages import facilitator_rubric as rubric
from senco_kit.pages import facilitator_sessions as sessions
from senco_kit.pages import facilitator_start as start
from senco_kit.pages.facilitator_cohorts import OpenCohort, known_module, said_plainly
from senco_kit.pages.kit_page import KitPage

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort


class FacilitatorPage(KitPage):
    """What a facilitator does with cohorts. Reads their folders anew for each view, so that tabs agree."""

    title = "For facilitators"
    way_on = "For facilitators"

    def __init__(self) -> None:
        self._opened = OpenCohort()

    def show(self, where: str) -> View:
        """One place of the page; see the list above."""
        with said_plainly():
            match [part for part in where.split("/") if part]:
                case []:
                    return start.start()
                case ["new"]:
                    return start.new()
                case ["cohort", name, *place]:
                    return _of_cohort(self._opened.open(name), place)
                case ["session", number]:
                    return sessions.session(number)
                case ["session", number, "hand-out"]:
                    return sessions.hand_out(number)
                case ["session", number, version, clock]:
                    return sessions.session(number, version, sessions.start_of(clock))
        raise Refused("There is no such place on this page.")

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Keep a mark or the comment for a written answer: the form is the place of the answer."""
        with said_plainly():
            match form.split("/"):
                case ["cohort", cohort, module_id, "rubric", learner, question_id]:
                    opened = self._opened.open(cohort)
                    return rubric.save(opened, known_module(module_id), learner, question_id, name, value)
        raise Refused("The page sent a mark that the kit does not ask for. Reload the page.")

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Make a cohort, release, collect, mark, make feedback, download."""
        with said_plainly():
            match action:
                case "make":
                    return start.make(values, self._opened, self.tell)
                case "session":
                    return sessions.choose(values)
            if "cohort" in values:
                return self._press_in_cohort(action, self._opened.open(values["cohort"]), values)
        return super().press(action, values)

    def _press_in_cohort(self, action: str, cohort: Cohort, values: Mapping[str, str]) -> Answer:
        match action:
            case "collect-exchange":
                return collecting.from_exchange(cohort, self.tell)
            case "collect-path":
                return collecting.from_path(cohort, values.get("path", ""), self.tell)
            case "results-csv" | "outcomes-csv":
                return results.download(cohort, action)
        if "module" in values:
            module = known_module(values["module"])
            module_id = module.id
            match action:
                case "release":
                    return modules.release(cohort, module_id, self.tell)
                case "mark":
                    return modules.mark(cohort, module_id, values, self.tell)
                case "feedback":
                    return modules.feedback(cohort, module_id, self.tell)
                case "marks-hold":
                    return rubric.confirm(cohort, module, values.get("learner", ""), values.get("question", ""))
                case "zip-to-hand-out":
                    return modules.zip_to_hand_out(cohort, module_id)
                case "zip-of-feedback":
                    return modules.zip_of_feedback(cohort, module_id)
        return super().press(action, values)

    def take_file(self, action: str, data: bytes) -> Answer:
        """Collect from a file: the action names the cohort, "collect/autumn-2026"."""
        with said_plainly():
            match action.split("/"):
                case ["collect", name]:
                    return collecting.from_file(self._opened.open(name), data, self.tell)
        return super().take_file(action, data)


def _of_cohort(cohort: Cohort, place: list[str]) -> View:
    match place:
        case []:
            return modules.cohort(cohort)
        case ["results"]:
            return results.results(cohort)
        case [module_id]:
            return learners.learners(cohort, known_module(module_id))
        case [module_id, "rubric"]:
            return rubric.overview(cohort, known_module(module_id))
        case [module_id, "rubric", learner, question_id]:
            return rubric.one(cohort, known_module(module_id), learner, question_id)
    raise Refused("There is no such place in this cohort.")
