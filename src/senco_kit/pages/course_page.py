"""The course page: the five modules, their lessons with quick checks, and the assignments.

Places of the page (what stands in the address after "#/"):

    (nothing)                     the five modules, and the assignments of cohorts
    MODULE, MODULE/SECTION        a module; a section of its lesson
    my-school, my-school/MODULE   the invented school of one's own assignments; afterwards the module
    work/ID                       an assignment: its questions
    work/ID/question/QUESTION     one question
    work/ID/hand-in               what is missing; hand in, or have it marked
    work/ID/feedback              marks and feedback
    work/ID/remove                the question before an assignment is taken away
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import Answer, Parts, View
from senco_kit.pages import course_assignments as assignments
from senco_kit.pages import course_doing as doing
from senco_kit.pages import course_feedback as feedback
from senco_kit.pages import course_lesson as lesson
from senco_kit.pages import course_modules as modules
from senco_kit.pages import course_school as school
from senco_kit.pages.course_answers import NOT_ASKED, said_plainly
from senco_kit.pages.kit_page import KitPage

_OF_AN_ASSIGNMENT: dict[str, Callable[[str], View]] = {
    "hand-in": doing.hand_in_page,
    "feedback": feedback.feedback,
    "remove": assignments.remove_question,
}


class CoursePage(KitPage):
    """Everything a person does with the course. Reads the store anew for each view, so that tabs agree."""

    title = "Course"
    way_on = "All modules"

    def show(self, where: str) -> View:
        """One place of the page; see the list above."""
        with said_plainly():
            match [part for part in where.split("/") if part]:
                case []:
                    return modules.overview()
                case ["my-school"]:
                    return school.choose()
                case ["my-school", module_id]:
                    return school.choose(module_id)
                case ["work", assignment_id]:
                    return doing.questions(assignment_id)
                case ["work", assignment_id, "question", question_id]:
                    return doing.question(assignment_id, question_id)
                case ["work", assignment_id, place] if place in _OF_AN_ASSIGNMENT:
                    return _OF_AN_ASSIGNMENT[place](assignment_id)
                case [module_id]:
                    return modules.module(module_id)
                case [module_id, section_id]:
                    return lesson.section(module_id, section_id)
        raise Refused("There is no such place on this page.")

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Keep one answer: `checks/MODULE`, `reflections/MODULE` and `assignment/ID` are the forms."""
        with said_plainly():
            match form.split("/"):
                case ["checks", module_id]:
                    return lesson.save_check(module_id, name, value)
                case ["reflections", module_id]:
                    lesson.save_reflection(module_id, name, value)
                    return None
                case ["assignment", assignment_id]:
                    return doing.save(assignment_id, name, value)
        raise Refused(NOT_ASKED)

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Check an answer, mark a section as done, start an assignment, hand in, have it marked."""
        with said_plainly():
            if "module" in values:
                return self._press_in_module(action, values)
            if "assignment" in values:
                return self._press_in_assignment(action, values)
            if action == "my-school":
                return school.set_school(values)
        return super().press(action, values)

    def _press_in_module(self, action: str, values: Mapping[str, str]) -> Answer:
        module_id, section_id = values["module"], values.get("section", "")
        match action:
            case "check":
                return lesson.check_answer(module_id, section_id, values.get("question", ""))
            case "done":
                return lesson.done(module_id, section_id)
            case "not-done":
                return lesson.not_done(module_id, section_id)
            case "to-evidence":
                return lesson.send_as_evidence(module_id, values.get("question", ""))
            case "start-own":
                return assignments.start_own(module_id, self.tell)
        return super().press(action, values)

    def _press_in_assignment(self, action: str, values: Mapping[str, str]) -> Answer:
        assignment_id = values["assignment"]
        match action:
            case "mark":
                return doing.mark_own(assignment_id, self.tell)
            case "zip" | "exchange":
                return doing.hand_in(assignment_id, values, action)
            case "remove":
                return assignments.remove(assignment_id)
        return super().press(action, values)

    def take_file(self, action: str, data: bytes) -> Answer:
        """Bring in an assignment that a facilitator released, or the marks for one."""
        with said_plainly():
            if action == "bring-in":
                return assignments.bring_in(data)
            if action == "bring-in-marks":
                return feedback.bring_in(data)
        return super().take_file(action, data)
