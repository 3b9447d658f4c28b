"""Marks by a person: the written answers of a module, one by one, with the rubric and what to look for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.course import ask, markdown
from senco_kit.course.model import Module
from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_field
from senco_kit.forms.fields import ChooseOne, Field, LongText, Option, Value
from senco_kit.forms.screen import Answer, GoTo, Parts, View
from senco_kit.pages import facilitator_half_marked as half_marked
from senco_kit.pages.drawing import draw
from senco_kit.pages.facilitator_half_marked import HalfMarked

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort, RubricWork

COMMENT = LongText(
    name="comment",
    label="A comment for the learner",
    hint="It stands on the feedback page. You can leave it empty.",
    lines=4,
)
_LINE = "line/"


def overview(opened: Cohort, module: Module) -> View:
    """The written answers of a module, those that wait first."""
    work = _in_order(opened.rubric_work(module.id))
    html = draw(
        "facilitator/rubric.html",
        name=opened.name,
        module=module,
        work=work,
        left=_left(work),
        marks_of=lambda each: sum(line.marks for line in each.judged),
    )
    return View(f"Written answers: {module.title}", html)


def one(opened: Cohort, module: Module, learner: str, question_id: str) -> View:
    """One written answer: the question, what was written, the rubric, a comment."""
    all_work = _in_order(opened.rubric_work(module.id))
    work = _find(all_work, learner, question_id)
    given = _given(opened, work)
    fields = [
        draw_field(field, _figures(given.marks[line["id"]]) if line["id"] in given.marks else "", legend_level=4)
        for line, field in zip(work.question["rubric"], _fields(module, work, given), strict=True)
    ]
    html = draw(
        "facilitator/rubric_one.html",
        name=opened.name,
        module=module,
        work=work,
        words=len(work.answer.split()),
        shown=ask.question_html(work.question),
        fields=fields,
        comment=draw_field(COMMENT, given.comment),
        place=_place(opened, work),
        elsewhere=not work.waiting and not work.judged,
        status=_status(opened, module, work, given, all_work),
    )
    return View(f"{work.learner}: {work.question['title']}", html)


def save(opened: Cohort, module: Module, learner: str, question_id: str, name: str, value: Value) -> Parts:
    """Keep the marks for one line, or the comment, at once; what is left and what comes next follow from it."""
    all_work = _in_order(opened.rubric_work(module.id))
    work = _find(all_work, learner, question_id)
    given = _changed(module, work, _given(opened, work), name, value)
    answer = _answer(work)
    if all(line["id"] in given.marks for line in work.question["rubric"]):
        opened.save_rubric(module.id, learner, question_id, given.marks, given.comment)
        half_marked.forget(opened.folder, answer)
        all_work = _in_order(opened.rubric_work(module.id))
        work = _find(all_work, learner, question_id)
    else:
        half_marked.keep(opened.folder, answer, given)
    return {"rubric-status": _status(opened, module, work, given, all_work)}


def confirm(opened: Cohort, module: Module, learner: str, question_id: str) -> Answer:
    """Say that the marks an answer had before hold for what was handed in or marked again; go to the next."""
    work = _find(opened.rubric_work(module.id), learner, question_id)
    opened.save_rubric(module.id, learner, question_id, _given(opened, work).marks, work.comment)
    left = [each for each in _in_order(opened.rubric_work(module.id)) if each.waiting]
    return GoTo(_place(opened, left[0]) if left else f"cohort/{opened.name}/{module.id}/rubric", f"{learner}: kept.")


# --------------------------------------------------------------------------------------------------------------- pieces


def _in_order(work: Sequence[RubricWork]) -> list[RubricWork]:
    """Question by question, those that wait first: one judges more alike with one question at a time."""
    return sorted(work, key=lambda each: (not each.waiting, each.question["id"], each.learner))


def _left(work: Sequence[RubricWork]) -> int:
    return sum(each.waiting for each in work)


def _find(work: Sequence[RubricWork], learner: str, question_id: str) -> RubricWork:
    for each in work:
        if (each.learner, each.question["id"]) == (learner, question_id):
            return each
    raise Refused("There is no such written answer to mark: collect and mark the module first.")


def _answer(work: RubricWork) -> str:
    return f"{work.module}/{work.learner}/{work.question['id']}"


def _place(opened: Cohort, work: RubricWork) -> str:
    return f"cohort/{opened.name}/{work.module}/rubric/{work.learner}/{work.question['id']}"


def _given(opened: Cohort, work: RubricWork) -> HalfMarked:
    """The marks that it has: in the gradebook, or as far as some were given."""
    kept = half_marked.read(opened.folder, _answer(work))
    return kept or HalfMarked({line.id: line.marks for line in work.judged}, work.comment)


def _fields(module: Module, work: RubricWork, given: HalfMarked) -> list[Field]:
    """The marks that can be given for each line: whole and half ones, and what formgrader gave in quarters."""
    look_for = _look_for(module, str(work.question["id"]))
    return [_field(line, look_for.get(line["id"], ""), given.marks.get(line["id"])) for line in work.question["rubric"]]


def _field(line: dict[str, Any], look_for: str, now: float | None) -> Field:
    most = float(line["marks"])
    steps = {step / 2 for step in range(int(most * 2) + 1)} | ({now} if now is not None else set())
    options = tuple(Option(_figures(each), _figures(each)) for each in sorted(steps))
    return ChooseOne(
        name=_LINE + str(line["id"]),
        label=f"{line['text']} (up to {most:g})",
        hint=look_for,
        options=options,
        side_by_side=True,
        required=True,
    )


def _look_for(module: Module, question_id: str) -> dict[str, str]:
    """What the marker looks for, by line. It is never released, so it comes from the module itself."""
    for question in module.assignment:
        if question.id == question_id:
            return {line.id: markdown.words(line.look_for) for line in question.rubric}
    return {}


def _changed(module: Module, work: RubricWork, given: HalfMarked, name: str, value: Value) -> HalfMarked:
    """What is given after this change. Raises Refused when it does not fit."""
    if name == COMMENT.name:
        check(COMMENT, value)
        return HalfMarked(given.marks, str(value))
    for field in _fields(module, work, given):
        if field.name == name:
            check(field, value)
            return HalfMarked({**given.marks, name.removeprefix(_LINE): float(str(value))}, given.comment)
    raise Refused("The page sent a mark that the kit does not ask for. Reload the page.")


def _status(
    opened: Cohort, module: Module, work: RubricWork, given: HalfMarked, all_work: Sequence[RubricWork]
) -> Markup:
    """The marks so far, how many answers wait, and the way to the next one."""
    rubric = work.question["rubric"]
    following = next((each for each in all_work if each.waiting and each is not work), None)
    return draw(
        "facilitator/rubric_status.html",
        name=opened.name,
        module=module,
        total=sum(given.marks.get(line["id"], 0.0) for line in rubric),
        out_of=sum(line["marks"] for line in rubric),
        without=[line["text"] for line in rubric if line["id"] not in given.marks],
        work=work,
        left=_left(all_work),
        following=_place(opened, following) if following is not None else "",
        following_learner=following.learner if following is not None else "",
    )


def _figures(marks: float) -> str:
    return f"{marks:g}"
