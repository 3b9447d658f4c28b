"""What a lesson notebook shows: tables and pictures, and the questions of a lesson, each a small screen of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from senco_kit.course import read
from senco_kit.course.model import Block, Section
from senco_kit.forms.check import Refused
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import Answer, Parts, Screen, View
from senco_kit.pages import course_lesson as lesson
from senco_kit.pages.course_answers import NOT_ASKED, said_plainly
from senco_kit.pages.course_progress import checks_of, reflections_of
from senco_kit.pages.drawing import draw
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.work import work

if TYPE_CHECKING:
    from senco_kit.course.notebook import Shown


class LessonInNotebook:
    """A lesson, as the cells of its notebook ask for it."""

    def __init__(self, module_id: str) -> None:
        self._module = read.module(module_id)

    def show(self, name: str) -> Shown:
        """A table or picture of the lesson's invented school."""
        from senco_kit.course.answers import work_out
        from senco_kit.course.exercise import open_exercise
        from senco_kit.course.notebook import Shown

        return Shown(work_out(self._module, name, open_exercise(self._module.lesson_school)))

    def check(self, *names: str) -> Screen:
        """The quick checks with these ids, to answer and to check."""
        return self._asked("check", names)

    def reflect(self, name: str) -> Screen:
        """The reflection with this id."""
        return self._asked("reflection", (name,))

    def _asked(self, kind: str, names: tuple[str, ...]) -> Screen:
        for section in self._module.sections:
            for block in section.blocks:
                if block.kind == kind and block.names == names:
                    page = AskedInNotebook(self._module.id, section, block)
                    return Screen(page, embedded=True, name=f"{self._module.id}/{names[0]}")
        raise KeyError(f"The lesson {self._module.id} asks no {kind} {', '.join(names)}: run `senco build`.")


class AskedInNotebook(KitPage):
    """The checks or the reflection of one block. Answers are those of the course page: both keep them in one place."""

    title = "Lesson"
    way_on = "The course"

    def __init__(self, module_id: str, section: Section, block: Block) -> None:
        self._module_id, self._section, self._block = module_id, section, block

    def show(self, where: str) -> View:
        """The block with the answers given so far."""
        return self._view()

    def _view(self, focus: str = "", notes: Mapping[str, Markup] | None = None) -> View:
        module = read.module(self._module_id)
        with said_plainly(), work() as store:
            parts = lesson.parts_of(module, self._section, [self._block], store, notes or {})
        checks, reflections = checks_of(module.id), reflections_of(module.id)
        html = draw("course/in_notebook.html", module=module, parts=parts, checks=checks, reflections=reflections)
        return View(module.title, html, focus)

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Keep one answer or the text of the reflection."""
        with said_plainly():
            if form == checks_of(self._module_id):
                return lesson.save_check(self._module_id, name, value)
            if form == reflections_of(self._module_id):
                lesson.save_reflection(self._module_id, name, value)
                return None
        raise Refused(NOT_ASKED)

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Check an answer, or send the reflection to the self-audit."""
        question = values.get("question", "")
        with said_plainly():
            match action:
                case "check":
                    lesson.mark_check(self._module_id, question)
                    return self._view(f"feedback-{question}")
                case "to-evidence":
                    note = lesson.put_into_audit(self._module_id, question)
                    return self._view(f"note-{question}", {question: note})
        return super().press(action, values)
