"""Checks the modules: what `senco check` says beyond the shapes that are checked where the files are read.

Whether answers can be worked out, and are marked as meant, is tested on real schools (tests/course/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from senco_kit.course import answers, markdown
from senco_kit.course.exercise import NoSuchSchool, open_exercise
from senco_kit.course.model import Block, Module, Option, Question, Section, ShareRule, Slip
from senco_kit.course.read import module_folders, read_module
from senco_kit.places import KIT, MODULES
from senco_kit.standards import read
from senco_kit.standards.model import SPINE
from senco_kit.standards.problems import ContentProblem, Problem

LONGEST_SECTION = 12
SHORTEST_LESSON, LONGEST_LESSON = 60, 90
FEWEST_CHECKS = 8
FEWEST_GRADED, MOST_GRADED = 8, 12
FEWEST_ON_DATA = 6
MOST_MARKS = 6

#: First words of objectives that nobody else can see being done.
UNSEEN = ("understand", "know", "appreciate", "be", "become", "learn", "realise", "explore", "consider", "gain", "feel")

_LINK = re.compile(r"\]\(([^)]*)\)")

Says = Callable[[str, int, str], None]


def check_course(folder: Path = MODULES) -> list[Problem]:
    """Everything wrong with the modules in `folder`, by file and line; empty when all is well."""
    problems: list[Problem] = []
    for each in module_folders(folder):
        try:
            found = read_module(each)
        except ContentProblem as error:
            problems.append(error.problem)
            continue
        problems += found.problems or check_module(found.holds)
    root = KIT if folder.is_relative_to(KIT) else folder
    return sorted({problem.seen_from(root) for problem in problems})


def check_module(module: Module) -> list[Problem]:
    """Everything wrong with a module whose files have the right shape."""
    problems: list[Problem] = []

    def says(file: str, line: int, sentence: str) -> None:
        problems.append(Problem(module.folder / file, line, sentence))

    outcomes = _outcomes(module, says)
    _about(module, outcomes, says)
    _lesson(module, outcomes, says)
    _questions(module, outcomes, says)
    _session(module, outcomes, says)
    return problems


def _outcomes(module: Module, says: Says) -> frozenset[str]:
    for heading in read.framework(SPINE).headings:
        if heading.id == module.heading:
            return frozenset(outcome.id for outcome in heading.outcomes)
    says("module.yml", 1, f'There is no heading "{module.heading}" in {SPINE}.')
    return frozenset()


def _about(module: Module, outcomes: frozenset[str], says: Says) -> None:
    for objective in module.objectives:
        first = objective.text.split()[0].lower() if objective.text else ""
        if first in UNSEEN or not first:
            says("module.yml", 1, f'"{objective.text}" does not begin with a verb that can be seen, such as "compare".')
        _known("module.yml", 1, objective.outcomes, outcomes, "outcome of this module", says)
    facts = [fact for each in module.misconceptions for fact in each.facts]
    facts += [each.fact for each in module.read_on if each.fact]
    facts += [fact for text in (module.about, *module.key_points) for fact in markdown.facts_named(text)]
    _facts("module.yml", 1, facts, says)
    try:
        open_exercise(module.lesson_school)
    except NoSuchSchool as problem:
        says("module.yml", 1, str(problem))


def _lesson(module: Module, outcomes: frozenset[str], says: Says) -> None:
    if not SHORTEST_LESSON <= module.minutes <= LONGEST_LESSON:
        says("lesson.md", 1, f"The lesson takes {module.minutes} minutes: {SHORTEST_LESSON} to {LONGEST_LESSON} fit.")
    _all_named("lesson.md", (section.outcomes for section in module.sections), outcomes, "section", says)
    blocks = [block for section in module.sections for block in section.blocks]
    for section in module.sections:
        _section(section, outcomes, says)
    kinds = [block.kind for block in blocks]
    first = module.sections[0].blocks if module.sections else ()
    if kinds.count("decision") != 1 or not any(block.kind == "decision" for block in first):
        says("lesson.md", 1, "There must be one decision, and it stands in the first section.")
    if kinds.count("in-2009") < 1 or kinds.count("in-2009") != kinds.count("in-2026"):
        says("lesson.md", 1, "What the award taught (in-2009) and what holds now (in-2026) must stand in pairs.")
    for block in blocks:
        _block(module, block, outcomes, says)
    asked = [name for section in module.sections for name in section.checks()]
    for check in module.checks:
        if asked.count(check.id) != 1:
            says(
                "questions.yml",
                check.line,
                f'The check "{check.id}" is asked {asked.count(check.id)} times: once fits.',
            )
    _twice("lesson.md", [section.id for section in module.sections], "section", says)
    _twice(
        "lesson.md",
        [name for block in blocks if block.kind == "reflection" for name in block.names],
        "reflection",
        says,
    )


def _section(section: Section, outcomes: frozenset[str], says: Says) -> None:
    if not 1 <= section.minutes <= LONGEST_SECTION:
        says("lesson.md", section.line, f"The section takes {section.minutes} minutes: {LONGEST_SECTION} at most.")
    _known("lesson.md", section.line, section.outcomes, outcomes, "outcome of this module", says)
    if not any(block.kind in ("check", "try", "decision", "reflection") for block in section.blocks):
        says("lesson.md", section.line, "The section has nothing to do: add a check, a decision or something to try.")


def _block(module: Module, block: Block, outcomes: frozenset[str], says: Says) -> None:
    line = block.line
    _facts("lesson.md", line, markdown.facts_named(block.text), says)
    _known("lesson.md", line, block.outcomes, outcomes, "outcome of this module", says)
    _links("lesson.md", line, [block.text], says)
    if block.kind == "show":
        _functions(module, "lesson.md", line, block.names, says)
    if block.kind == "check":
        _known("lesson.md", line, block.names, frozenset(check.id for check in module.checks), "quick check", says)
    if block.kind == "reflection" and (len(block.names) != 1 or len(block.outcomes) != 1 or not block.text):
        says("lesson.md", line, "A reflection has one name, one :outcome: and a prompt.")
    if block.kind in ("show", "check") and not block.names:
        says("lesson.md", line, f'The block "{block.kind}" names nothing.')


def _questions(module: Module, outcomes: frozenset[str], says: Says) -> None:
    checks, graded = module.checks, module.assignment
    if len(checks) < FEWEST_CHECKS:
        says("questions.yml", 1, f"There are {len(checks)} quick checks: {FEWEST_CHECKS} at least.")
    if not FEWEST_GRADED <= len(graded) <= MOST_GRADED:
        says("questions.yml", 1, f"There are {len(graded)} graded questions: {FEWEST_GRADED} to {MOST_GRADED} fit.")
    if sum(question.is_on_data for question in graded) < FEWEST_ON_DATA:
        says("questions.yml", 1, f"At least {FEWEST_ON_DATA} graded questions must be on the school's data.")
    if not any(question.is_marked_by_a_person for question in graded):
        says("questions.yml", 1, "At least one graded question must be free text with a rubric.")
    _all_named("questions.yml", (question.outcomes for question in checks), outcomes, "quick check", says)
    _all_named("questions.yml", (question.outcomes for question in graded), outcomes, "graded question", says)
    _twice("questions.yml", [question.id for question in module.questions()], "question", says)
    for question in module.questions():
        _question(module, question, outcomes, says)
    for question in checks:
        if question.marks or question.type == "free-text":
            says("questions.yml", question.line, "A quick check has no marks and no free text.")
    for question in graded:
        if question.type != "free-text" and not 1 <= question.marks <= MOST_MARKS:
            says("questions.yml", question.line, f'"marks" of a graded question is 1 to {MOST_MARKS}.')


def _question(module: Module, question: Question, outcomes: frozenset[str], says: Says) -> None:
    line = question.line
    sections = frozenset(section.id for section in module.sections)
    beliefs = frozenset(each.id for each in module.misconceptions)
    _known("questions.yml", line, question.outcomes, outcomes, "outcome of this module", says)
    parts = _parts(question)
    again = [each for each in (question.look_again, *(part.look_again for part in parts)) if each]
    _known("questions.yml", line, again, sections, "section of the lesson", says)
    _known("questions.yml", line, [p.misconception for p in parts if p.misconception], beliefs, "misconception", says)
    own = (question.prompt, question.scene, question.hint, question.explains, question.otherwise)
    texts = [*own, *(part.says for part in parts)]
    _links("questions.yml", line, texts, says)
    _facts("questions.yml", line, (fact for text in texts for fact in markdown.facts_named(text)), says)
    _functions(module, "questions.yml", line, _functions_of(question), says)
    if not question.is_marked_by_a_person and not any(part.misconception for part in parts):
        says("questions.yml", line, f'Question "{question.id}" names no misconception.')
    _keys(question, says)


def _keys(question: Question, says: Says) -> None:
    """Whether what is right can be told at all."""
    line, options = question.line, question.options
    if isinstance(options, tuple) and question.answer is None and question.type in ("choose-one", "choose-many"):
        right = sum(option.right for option in options)
        if right != 1 and question.type == "choose-one":
            says("questions.yml", line, f'Question "{question.id}" has {right} right options: one fits.')
        if question.type == "choose-many" and not 2 <= right < len(options):
            says("questions.yml", line, f'Question "{question.id}" has {right} right options: two at least, not all.')
        if any(not option.right and not option.says for option in options):
            says("questions.yml", line, f'Question "{question.id}" has a wrong option without "says".')
    if isinstance(options, str) and question.answer is None and question.type != "share-out":
        says("questions.yml", line, f'Question "{question.id}" works out its options, so it needs "answer" too.')
    if question.rules and abs(sum(rule.worth for rule in question.rules) - 1) > 0.001:
        says("questions.yml", line, f'The worths of the rules of "{question.id}" do not add up to 1.')
    if question.type in ("number", "pick-pupils") and not question.otherwise:
        says("questions.yml", line, f'Question "{question.id}" has no "otherwise" for answers that no slip knows.')


def _parts(question: Question) -> tuple[Option | Slip | ShareRule, ...]:
    options = question.options if isinstance(question.options, tuple) else ()
    return (*options, *question.slips, *question.rules)


def _functions_of(question: Question) -> list[str]:
    named: list[object] = [question.options, question.answer, question.table, question.total, *question.show]
    options = [option.id for option in question.options] if isinstance(question.options, tuple) else []
    named += [slip.answer for slip in question.slips if slip.answer not in options]
    named += [bound for rule in question.rules for bound in (rule.at_least, rule.at_most)]
    return [each for each in named if isinstance(each, str) and each]


def _session(module: Module, outcomes: frozenset[str], says: Says) -> None:
    if module.session is None:
        return
    full = module.session.versions[0]
    _all_named("session.md", (activity.outcomes for activity in full.activities), outcomes, "activity", says)
    for version in module.session.versions:
        for activity in version.activities:
            _known("session.md", activity.line, activity.outcomes, outcomes, "outcome of this module", says)
            _facts("session.md", activity.line, markdown.facts_named(activity.text), says)
    for text in (module.session.prompts, module.session.sticking_points, module.session.hand_out):
        _facts("session.md", 1, markdown.facts_named(text), says)


def _known(file: str, line: int, ids: Iterable[str], known: frozenset[str], what: str, says: Says) -> None:
    for each in ids:
        if each not in known:
            says(file, line, f'"{each}" is no {what}.')


def _facts(file: str, line: int, ids: Iterable[str], says: Says) -> None:
    register = read.facts()
    _known(file, line, ids, frozenset(register), "fact of audit/facts.yml", says)


def _links(file: str, line: int, texts: Iterable[str], says: Says) -> None:
    for link in (link for text in texts for link in _LINK.findall(text)):
        if not markdown.stays_here(link):
            says(file, line, f'The link to "{link}" leads out of the kit: pages ask no other host.')


def _functions(module: Module, file: str, line: int, names: Iterable[str], says: Says) -> None:
    for name in names:
        try:
            answers.function(module.folder, name)
        except ContentProblem as problem:
            says(file if problem.line == 1 and "function" in problem.says else "answers.py", line, problem.says)


def _all_named(file: str, named: Iterable[Iterable[str]], outcomes: frozenset[str], by: str, says: Says) -> None:
    found = {outcome for each in named for outcome in each}
    for missing in sorted(outcomes - found):
        says(file, 1, f"No {by} names outcome {missing}.")


def _twice(file: str, ids: list[str], what: str, says: Says) -> None:
    for each in sorted({each for each in ids if ids.count(each) > 1}):
        says(file, 1, f'There is more than one {what} "{each}".')
