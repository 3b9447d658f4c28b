"""The form of an assignment in JupyterLab: every answer goes into answers.json beside the notebook, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from senco_kit.course import answers_file, ask
from senco_kit.course.answers_file import Answers, BadAnswers
from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_field, environment, left_part
from senco_kit.forms.fields import Field, ShareOut, ShortText, Value
from senco_kit.forms.screen import Answer, Download, NotNow, Page, Parts, Screen, View
from senco_kit.marking.handing_in import Assignment, read_package_file, zip_to_send
from senco_kit.marking.learners import learner_code
from senco_kit.marking.problems import MarkingProblem
from senco_kit.marking.whole_files import write_file
from senco_kit.plain_text import clean

_LEARNER = ShortText(
    name="learner", label="Your learner code", hint="From your facilitator, for example L07.", longest=20, required=True
)


def screen(folder: Path) -> Screen:
    """The form of the assignment whose questions.json lies in this folder."""
    page = AnswerForm(folder)
    return Screen(page, embedded=True, name=f"assignment/{page.package['id']}")


class AnswerForm(Page):
    """Asks every question of one assignment."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / answers_file.NAME
        self._folder = folder
        self.package = read_package_file(folder / "questions.json")
        self._questions: dict[str, Any] = {question["id"]: question for question in self.package["questions"]}
        self._fields: dict[str, Field] = {
            question_id: ask.field(question, question_id) for question_id, question in self._questions.items()
        }

    def view(self, where: str) -> View:
        """The whole form; what is missing stands at its end."""
        problem = ""
        try:
            answers = self._answers().answers
        except BadAnswers as bad:
            answers, problem = {}, f"{bad} Or move {answers_file.NAME} away to begin anew."
        asked = [
            (
                question,
                ask.question_html(question),
                draw_field(self._fields[key], ask.value(question, answers.get(key))),
            )
            for key, question in self._questions.items()
        ]
        html = (
            _templates()
            .get_template("answer_form.html")
            .render(
                package=self.package, asked=asked, problem=problem, missing=self._missing(answers), learner=_LEARNER
            )
        )
        return View(str(self.package["title"]), Markup(html))

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Put one answer, or one amount of a sharing-out, into answers.json."""
        question_id, _, row = name.partition("/")
        if question_id not in self._fields:
            raise Refused("This question is not in the assignment. Run the cell of the form again.")
        asked = self._fields[question_id]
        try:
            before = self._answers()
            answers = dict(before.answers)
            if isinstance(asked, ShareOut):
                parts = self._save_amount(asked, answers, row, value)
            else:
                check(asked, value)
                answers[question_id] = clean(value) if isinstance(value, str) else list(value)
                parts = {}
            write_file(self._file, answers_file.write(replace(before, answers=answers)))
        except BadAnswers as problem:
            raise Refused(f"{problem} Your answer was not saved.") from problem
        except OSError as problem:
            raise NotNow(f"Your answer could not be saved beside the notebook ({problem.strerror}).") from problem
        return parts | {"missing-answers": Markup.escape(self._missing(answers))}

    def _save_amount(self, asked: ShareOut, answers: dict[str, Any], row: str, value: Value) -> dict[str, Markup]:
        option = next((option for option in asked.rows if option.value == row), None)
        if option is None or not isinstance(value, str):
            raise Refused("This line is not in the assignment. Run the cell of the form again.")
        check(asked.amount(option), value)
        given = answers.get(asked.name)
        amounts = dict(given) if isinstance(given, Mapping) else {}
        amounts[row] = value
        answers[asked.name] = amounts
        shown = [{"id": each, "amount": str(typed)} for each, typed in amounts.items()]
        return dict(left_part(asked, shown))

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Give the zip to send to the facilitator."""
        if action != "send":
            return super().press(action, values)
        try:
            learner = learner_code(values.get("learner", ""))
            notebook = (self._folder / f"{self.package['id']}.ipynb").read_bytes()
            name, data = zip_to_send(Assignment(self.package, notebook), learner, self._answers().answers)
        except (MarkingProblem, BadAnswers) as problem:
            raise Refused(str(problem)) from problem
        except OSError as problem:
            raise Refused(
                f"The notebook must be called {self.package['id']}.ipynb: give it this name again."
            ) from problem
        return Download(name, "application/zip", data, "Your file is ready. Send it to your facilitator.")

    def _missing(self, answers: Mapping[str, Any]) -> str:
        titles = [
            str(question["title"])
            for key, question in self._questions.items()
            if not ask.answered(question, answers.get(key))
        ]
        return f"Not answered yet: {'; '.join(titles)}." if titles else "Every question is answered."

    def _answers(self) -> Answers:
        if not self._file.exists():
            about = self.package
            return Answers(about["id"], about["school"], about["cohort"], "", {})
        return answers_file.read_file(self._file)


def _templates() -> Any:
    return environment(Path(__file__).parent / "templates")
