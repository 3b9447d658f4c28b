"""Every rule of `senco check` on the standards: a bad file gives its name, the line and one sentence."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from senco_kit.places import KIT
from senco_kit.standards import sheet
from senco_kit.standards.check import SPINE_ITEMS, check_content, facts_to_review
from senco_kit.standards.sheet import DEEPEST_NESTING, LARGEST_FILE

TODAY = date(2026, 11, 22)
SPINE_FILE = "audit/frameworks/national-award-2009.yml"
OWN_FILE = "audit/frameworks/my-school.yml"
FACTS_FILE = "audit/facts.yml"
LEVELS_FILE = "audit/levels.yml"
CROSSWALK_FILE = "audit/crosswalk.csv"

OUTCOME = """\
      - id: {id}
        title: Title of {id}
        statement: Statement of {id}.
        wording: confirmed
        why_today: Why {id} matters.
        duty: null
        levels:
          - {id} starting
          - {id} developing
          - {id} secure
          - {id} leading
        evidence:
          - {id} first evidence
          - {id} second evidence
        next_steps:
          - {id} first step
          - {id} second step
"""

SPINE_START = """\
id: national-award-2009
title: National Award for SEN Coordination, 2009 outcomes
short_title: National Award headings (2009)
issuer: Training and Development Agency for Schools
status: historic
in_force_from: 2009-09-01
in_force_to: 2014-08-31
source: A test
about: A test.
headings:
  - id: A
    title: Professional context
    about: A test.
    outcomes:
"""

OWN = """\
id: my-school
title: What our school asks of its SENCO
short_title: Our school
issuer: Our school
status: current
source: A test
about: A test.
headings:
  - id: S
    title: The only heading
    about: A test.
    outcomes:
      - id: S1
        title: Knows every pupil
        statement: I know every pupil with SEN.
        wording: confirmed
        duty:
          says: Part of this is law.
          facts: [code-6-36]
      - id: S2
        title: Meets families
        statement: I meet families.
        wording: to-check
        duty: null
"""

TWO_EACH = "        evidence: [e, f]\n        next_steps: [g, h]\n"

ANOTHER_HEADING = """\
    title: Another heading
    about: A test.
    outcomes:
      - id: S3
        title: Something else
        statement: I do something else.
        wording: confirmed
        duty: null
"""

FACTS = """\
- id: code-6-36
  value: SEND Code of Practice, paragraph 6.36
  unit: null
  means: Teachers are accountable.
  source: The Code, paragraph 6.36
  year: 2015
  checked_on: 2026-11-21
  valid_until: 2027-08-31
  status: confirmed
- id: ehc-20-weeks
  value: 20
  unit: weeks
  means: From request to plan.
  source: DfE
  year: 2026
  checked_on: 2026-11-01
  valid_until: 2027-01-31
  status: to-check
"""

LEVELS = """\
- {number: 1, name: Starting, meaning: One}
- {number: 2, name: Developing, meaning: Two}
- {number: 3, name: Secure, meaning: Three}
- {number: 4, name: Leading, meaning: Four}
"""

CROSSWALK = """\
framework,outcome,other_framework,other_outcome
national-award-2009,A1,my-school,S1
national-award-2009,E4,my-school,S2
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with content that has nothing wrong with it."""
    texts = {
        SPINE_FILE: SPINE_START + "".join(OUTCOME.format(id=item) for item in SPINE_ITEMS),
        OWN_FILE: OWN,
        FACTS_FILE: FACTS,
        LEVELS_FILE: LEVELS,
        CROSSWALK_FILE: CROSSWALK,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def spoil(root: Path, name: str, right: str, wrong: str) -> int:
    """Replace a text that stands in the file once; the line it stood on."""
    text = (root / name).read_text(encoding="utf-8")
    assert text.count(right) == 1, right
    (root / name).write_text(text.replace(right, wrong), encoding="utf-8")
    return text.count("\n", 0, text.index(right)) + 1


def found(root: Path, today: date = TODAY) -> list[str]:
    return [str(problem) for problem in check_content(today, root)]


def test_content_without_mistakes_has_no_problems(root: Path) -> None:
    assert found(root) == []


def test_the_shipped_content_has_no_problems() -> None:
    assert [str(problem) for problem in check_content(TODAY)] == []


# Each row: file, what stands there, what is written instead, how many lines further down the problem is, the sentence.
BAD_FILES = {
    "no YAML": (OWN_FILE, "issuer: Our school", "issuer: 'Our school", 0, "This is not valid YAML: "),
    "repeated key": (
        *(OWN_FILE, "issuer: Our school", "issuer: Our school\nissuer: Another", 1),
        'The framework has "issuer" twice (first on line 4): keep one.',
    ),
    "unknown key": (
        *(OWN_FILE, "statement: I meet", "statment: I meet", 0),
        'Outcome S2 has "statment", which is not a field: did you mean "statement"?',
    ),
    "unknown key, nothing like it": (
        *(OWN_FILE, "issuer: Our school", "issuer: Our school\nxyz: 1", 1),
        'The framework has "xyz", which is not a field: use one of "id", "title", "short_title", "issuer", "status", '
        '"source", "about", "headings", "in_force_from", "in_force_to".',
    ),
    "missing key": (OWN_FILE, "source: A test\n", "", -5, 'The framework has no "source": add it.'),
    "outcome without an id": (
        *(OWN_FILE, "      - id: S1\n        title", "      - title", 0),
        'An outcome has no "id": add it.',
    ),
    "empty text": (OWN_FILE, "title: Meets families", "title:", 0, '"title" of outcome S2 is empty: write it.'),
    "blank text": (OWN_FILE, "title: Meets families", 'title: " "', 0, '"title" of outcome S2 is empty: write it.'),
    "number for text": (
        *(OWN_FILE, "title: Meets families", "title: 2014", 0),
        '"title" of outcome S2 must be text: put quotation marks around it.',
    ),
    "list for text": (
        *(OWN_FILE, "title: Meets families", "title: [families]", 0),
        '"title" of outcome S2 must be text: put quotation marks around it.',
    ),
    "text for a block": (
        *(OWN_FILE, "duty: null", "duty: yes it is", 0),
        "The duty of outcome S2 must be a block of `name: value` lines.",
    ),
    "text for a list": (
        *(OWN_FILE, "facts: [code-6-36]", "facts: code-6-36", 0),
        '"facts" of the duty of outcome S1 must be a list, each item on a line that begins with "- ".',
    ),
    "unknown word": (
        *(OWN_FILE, "status: current", "status: curent", 0),
        '"status" is "curent": did you mean "current"?',
    ),
    "wording": (
        *(OWN_FILE, "wording: to-check", "wording: perhaps", 0),
        '"wording" of outcome S2 is "perhaps": use one of "confirmed", "to-check".',
    ),
    "no such day": (
        *(SPINE_FILE, "in_force_to: 2014-08-31", "in_force_to: 2014-02-31", 0),
        '"in_force_to" is 2014-02-31, a day that no calendar has.',
    ),
    "no day": (
        *(SPINE_FILE, "in_force_to: 2014-08-31", "in_force_to: last summer", 0),
        '"in_force_to" must be a day such as 2026-11-21 without quotation marks, or null.',
    ),
    "ends before it begins": (
        *(SPINE_FILE, "in_force_to: 2014-08-31", "in_force_to: 2008-08-31", 0),
        '"in_force_to" (2008-08-31) is before "in_force_from" (2009-09-01).',
    ),
    "ended but current": (
        *(OWN_FILE, "status: current", "status: current\nin_force_to: 2020-08-31", 0),
        'The framework ended on 2020-08-31 but its status is "current": change it to "historic".',
    ),
    "id is not the file's name": (
        *(SPINE_FILE, "id: national-award-2009\ntitle", "id: national-award-2010\ntitle", 0),
        'The id is "national-award-2010": name the file national-award-2010.yml, or change the id.',
    ),
    "id with odd characters": (
        *(OWN_FILE, "facts: [code-6-36]", "facts: ['6.36 <b>']", 0),
        'A fact of the duty of outcome S1 "6.36 <b>" has characters an id cannot have: write it like "code-6-36".',
    ),
    "repeated heading": (
        *(OWN_FILE, "        duty: null\n", "        duty: null\n  - id: S\n" + ANOTHER_HEADING, 1),
        'There is already heading "S" on line 9: give it another id.',
    ),
    "repeated outcome": (
        *(OWN_FILE, "      - id: S2", "      - id: S1", 0),
        'There is already outcome "S1" on line 13: give it another id.',
    ),
    "no headings": (
        *(OWN_FILE, OWN.split("about: A test.\n", 1)[1], "headings: []\n", 0),
        '"headings" is empty: a framework has at least one heading with an outcome.',
    ),
    "heading without outcomes": (
        *(OWN_FILE, OWN.split("    about: A test.\n", 1)[1], "    outcomes:\n", 0),
        '"outcomes" of heading S is empty: add an outcome, or delete the heading.',
    ),
    "long title": (
        *(OWN_FILE, "title: Meets families", "title: " + "x" * 61, 0),
        '"title" of outcome S2 has 61 characters: use 60 at most.',
    ),
    "three descriptors": (
        *(SPINE_FILE, "          - B2 secure\n", "", -3),
        '"levels" of outcome B2 has 3: it needs exactly 4.',
    ),
    "five descriptors": (
        *(SPINE_FILE, "          - B2 secure\n", "          - B2 secure\n          - B2 more\n", -3),
        '"levels" of outcome B2 has 5: it needs exactly 4.',
    ),
    "empty descriptor": (
        *(SPINE_FILE, "          - B2 secure\n", "          -\n", 0),
        'Item 3 of "levels" of outcome B2 is empty: write it.',
    ),
    "item of the spine without levels": (
        *(
            SPINE_FILE,
            "".join(f"          - B2 {name}\n" for name in ("starting", "developing", "secure", "leading")),
            "",
            -1,
        ),
        '"levels" of outcome B2 has 0: it needs exactly 4.',
    ),
    "item of the spine without why": (
        *(SPINE_FILE, "        why_today: Why B2 matters.\n", "", -4),
        'Outcome B2 has no "why_today": add it.',
    ),
    "one piece of evidence": (
        *(SPINE_FILE, "          - B2 second evidence\n", "", -2),
        '"evidence" of outcome B2 has 1: it needs 2 to 4.',
    ),
    "one next step": (
        *(SPINE_FILE, "          - B2 second step\n", "", -2),
        '"next_steps" of outcome B2 has 1: it needs exactly 2.',
    ),
    "levels without next steps": (
        *(
            OWN_FILE,
            "        duty: null\n",
            "        duty: null\n        levels: [a, b, c, d]\n        evidence: [e, f]\n",
            1,
        ),
        'Outcome S2 has levels but no "next_steps": add exactly 2.',
    ),
    "two levels in an own framework": (
        *(OWN_FILE, "        duty: null\n", "        duty: null\n        levels: [a, b]\n" + TWO_EACH, 1),
        '"levels" of outcome S2 has 2: it needs exactly 4.',
    ),
    "duty without a fact": (
        *(OWN_FILE, "facts: [code-6-36]", "facts: []", 0),
        '"facts" of the duty of outcome S1 is empty: name the fact that says so.',
    ),
    "unknown fact": (
        *(OWN_FILE, "facts: [code-6-36]", "facts:\n            - code-6-36\n            - code-6-63", 2),
        'The duty of outcome S1 names fact "code-6-63", which is not in the register: did you mean "code-6-36"?',
    ),
    "anchor": (
        *(OWN_FILE, "title: Meets families", "title: &here Meets families", 0),
        "Anchors (&) and aliases (*) are not used here: write it out, or quote it.",
    ),
    "alias": (
        *(OWN_FILE, "title: Meets families", "title: *here", 0),
        "Anchors (&) and aliases (*) are not used here: write it out, or quote it.",
    ),
    "deep nesting": (
        *(OWN_FILE, "title: Meets families", "title: " + "[" * 50_000, 0),
        f"This is nested more than {DEEPEST_NESTING} deep.",
    ),
    "own tag": (
        *(OWN_FILE, "title: Meets families", "title: !!python/object:os.system families", 0),
        '"title" of outcome S2 must be text: put quotation marks around it.',
    ),
    "control character": (
        *(OWN_FILE, "title: Meets families", "title: Meets\x07 families", 0),
        "A character here may not stand in YAML: delete it.",
    ),
    "levels out of order": (
        *(LEVELS_FILE, "number: 3", "number: 4", 0),
        "The levels are 1 to 4, lowest first: 4 cannot stand here.",
    ),
    "fifth level": (
        *(LEVELS_FILE, "meaning: Four}\n", "meaning: Four}\n- {number: 5, name: Beyond, meaning: Five}\n", 1),
        "The levels are 1 to 4, lowest first: 5 cannot stand here.",
    ),
    "three levels": (
        *(LEVELS_FILE, "- {number: 4, name: Leading, meaning: Four}\n", "", -3),
        "There are 3 levels: there must be 4.",
    ),
    "level without a name": (LEVELS_FILE, "name: Secure, ", "", 0, 'Level 3 has no "name": add it.'),
    "level nought": (
        LEVELS_FILE,
        "number: 1",
        "number: 0",
        0,
        "The levels are 1 to 4, lowest first: 0 cannot stand here.",
    ),
    "number in words": (LEVELS_FILE, "number: 1,", "number: one,", 0, '"number" must be a whole number in digits.'),
    "fact past its date": (
        *(FACTS_FILE, "valid_until: 2027-01-31", "valid_until: 2026-11-20", 0),
        'Fact "ehc-20-weeks" was valid until 2026-11-20: look it up again and move the date.',
    ),
    "fact with unknown status": (
        *(FACTS_FILE, "status: to-check", "status: checked", 0),
        '"status" of fact ehc-20-weeks is "checked": did you mean "to-check"?',
    ),
    "fact checked in the future": (
        *(FACTS_FILE, "checked_on: 2026-11-01", "checked_on: 2026-11-23", 0),
        'Fact "ehc-20-weeks" was checked on 2026-11-23, a day still to come: correct the date.',
    ),
    "fact never checked": (
        *(FACTS_FILE, "checked_on: 2026-11-01", "checked_on: null", 0),
        '"checked_on" of fact ehc-20-weeks is empty: write the day someone last looked.',
    ),
    "fact without a value": (
        FACTS_FILE,
        "value: 20\n",
        "value:\n",
        0,
        '"value" of fact ehc-20-weeks is empty: write it.',
    ),
    "fact with yes for a value": (
        *(FACTS_FILE, "value: 20\n", "value: yes\n", 0),
        '"value" of fact ehc-20-weeks must be text: put quotation marks around it.',
    ),
    "fact with an odd number": (
        *(FACTS_FILE, "value: 20\n", "value: .nan\n", 0),
        '"value" of fact ehc-20-weeks must be a plain number such as 12.1.',
    ),
    "repeated fact": (
        *(FACTS_FILE, "- id: ehc-20-weeks", "- id: code-6-36", 0),
        'There is already a fact "code-6-36" on line 1: give it another id.',
    ),
    "crosswalk header": (
        *(CROSSWALK_FILE, "framework,outcome,", "framework;outcome;", 0),
        "The first line must be framework,outcome,other_framework,other_outcome.",
    ),
    "crosswalk row too short": (
        *(CROSSWALK_FILE, "national-award-2009,E4,my-school,S2", "national-award-2009,E4,my-school", 0),
        "A row has four cells, none of them empty.",
    ),
    "crosswalk row with an empty cell": (
        *(CROSSWALK_FILE, "national-award-2009,E4,my-school,S2", "national-award-2009,E4,my-school,", 0),
        "A row has four cells, none of them empty.",
    ),
    "crosswalk that is no CSV": (CROSSWALK_FILE, "my-school,S2\n", 'my-school,"S2', 0, "This is not valid CSV: "),
    "dangling framework": (
        *(CROSSWALK_FILE, "E4,my-school,S2", "E4,my-scool,S2", 0),
        'There is no framework "my-scool": did you mean "my-school"?',
    ),
    "dangling outcome": (
        *(CROSSWALK_FILE, "E4,my-school,S2", "E4,my-school,S9", 0),
        'There is no outcome "S9" in my-school: use one of "S1", "S2".',
    ),
    "repeated row": (
        *(CROSSWALK_FILE, "national-award-2009,E4,my-school,S2", "national-award-2009,A1,my-school,S1", 0),
        "The row says the same as line 2: delete it.",
    ),
    "spine second": (
        *(CROSSWALK_FILE, "national-award-2009,E4,my-school,S2", "my-school,S2,national-award-2009,E4", 0),
        "Write national-award-2009 first in the row, so that repeated rows are seen.",
    ),
    "framework joined to itself": (
        *(CROSSWALK_FILE, "national-award-2009,E4,my-school,S2", "my-school,S1,my-school,S2", 0),
        "The row joins a framework to itself: name two frameworks, or delete it.",
    ),
}


@pytest.mark.parametrize("rule", BAD_FILES)
def test_a_bad_file_gives_its_name_the_line_and_one_sentence(root: Path, rule: str) -> None:
    name, right, wrong, further_down, sentence = BAD_FILES[rule]
    line = spoil(root, name, right, wrong) + further_down
    (problem,) = [one for one in found(root) if one.startswith(name)]
    assert problem.startswith(f"{name}:{line}: {sentence}")
    assert problem.endswith((".", "?"))
    assert "\n" not in problem


def test_all_problems_are_told_at_once_sorted_by_file_and_line(root: Path) -> None:
    fact_line = spoil(root, FACTS_FILE, "status: to-check", "status: checked")
    last_line = spoil(root, OWN_FILE, "title: Meets families", "title:")
    first_line = spoil(root, OWN_FILE, "title: Knows every pupil", "title: 5")
    row_line = spoil(root, CROSSWALK_FILE, "my-school,S2", "my-school,S9")
    places = [tuple(problem.split(": ")[0].split(":")) for problem in found(root)]
    assert places == [
        (CROSSWALK_FILE, str(row_line)),
        (FACTS_FILE, str(fact_line)),
        (OWN_FILE, str(first_line)),
        (OWN_FILE, str(last_line)),
    ]


def test_the_spine_has_exactly_its_19_items(root: Path) -> None:
    line = spoil(root, SPINE_FILE, "      - id: C1c\n", "      - id: C9\n")
    assert found(root) == [
        f"{SPINE_FILE}:10: Outcome C1c is missing: this framework has 19 items.",
        f"{SPINE_FILE}:{line}: Outcome C9 is not one of the 19 items of this framework.",
    ]


@pytest.mark.parametrize("name", [FACTS_FILE, LEVELS_FILE, CROSSWALK_FILE, SPINE_FILE])
def test_a_missing_file_is_one_problem(root: Path, name: str) -> None:
    (root / name).unlink()
    problems = [problem for problem in found(root) if problem.startswith(name)]
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}:1: The file ")


def test_a_folder_without_content_gives_problems_and_no_traceback(tmp_path: Path) -> None:
    assert len(found(tmp_path)) == 4


def test_a_framework_under_another_ending_is_not_passed_over_in_silence(root: Path) -> None:
    (root / OWN_FILE).with_name("other.yaml").write_text(OWN, encoding="utf-8")
    assert found(root) == [
        'audit/frameworks/other.yaml:1: Only files that end in ".yml" are read here: rename or move this one.'
    ]


WHOLE_FILES = {
    "empty": (b"", 1, "The file is empty."),
    "only a comment": (b"# later\n", 1, "The file is empty."),
    "a list": (b"- one\n", 1, "The framework must be a block of `name: value` lines."),
    "two documents": (b"id: a\n---\nid: b\n", 2, "This is not valid YAML: "),
    "not UTF-8": (
        "id: a\ntitle: caf\u00e9\n".encode("latin-1"),
        2,
        "The file is not UTF-8 text here: save it as UTF-8.",
    ),
    "too large": (b"#" * (LARGEST_FILE + 1), 1, "The file is larger than 2,000,000 bytes: split or shorten it."),
}


@pytest.mark.parametrize("kind", WHOLE_FILES)
def test_a_file_that_is_no_framework_at_all_is_one_problem(root: Path, kind: str) -> None:
    raw, line, sentence = WHOLE_FILES[kind]
    (root / OWN_FILE).write_bytes(raw)
    (problem, *more) = [one for one in found(root) if one.startswith(OWN_FILE)]
    assert problem.startswith(f"{OWN_FILE}:{line}: {sentence}")
    assert more == []


def test_a_framework_that_cannot_be_read_does_not_make_its_rows_dangle(root: Path) -> None:
    (root / OWN_FILE).write_text("title: 'never closed", encoding="utf-8")
    (problem,) = found(root)
    assert problem.startswith(f"{OWN_FILE}:1: This is not valid YAML: ")


def test_a_repeated_row_is_seen_the_other_way_round_too(root: Path) -> None:
    spoil(root, CROSSWALK_FILE, "my-school,S2\n", "my-school,S2\nmy-school,S1,national-award-2009,A1\n")
    assert f"{CROSSWALK_FILE}:4: The row says the same as line 2: delete it." in found(root)


def test_a_file_saved_by_a_windows_editor_is_read(root: Path) -> None:
    for name in (OWN_FILE, FACTS_FILE, CROSSWALK_FILE):
        text = (root / name).read_text(encoding="utf-8")
        (root / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert found(root) == []


def test_the_reader_in_plain_python_finds_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(root, OWN_FILE, "title: Meets families", "title:")
    spoil(root, FACTS_FILE, "  unit: weeks\n", "  unit: weeks\n  unit: days\n")
    spoil(root, LEVELS_FILE, "name: Starting", "name: &x Starting")
    fast = found(root)
    monkeypatch.setattr(sheet, "_Loader", yaml.SafeLoader)
    assert found(root) == fast
    assert len(fast) == 3


def test_a_fact_may_be_used_on_its_last_day(root: Path) -> None:
    assert found(root, today=date(2027, 1, 31)) == []
    assert len(found(root, today=date(2027, 2, 1))) == 1


def test_facts_to_review_are_the_stale_ones_first_then_the_unconfirmed(root: Path) -> None:
    path = root / FACTS_FILE
    assert [fact.id for fact in facts_to_review(date(2027, 1, 1), path)] == ["ehc-20-weeks"]
    assert [fact.id for fact in facts_to_review(date(2028, 1, 1), path)] == ["ehc-20-weeks", "code-6-36"]
    confirmed = root / "audit" / "confirmed.yml"
    confirmed.write_text(FACTS.replace("to-check", "confirmed"), encoding="utf-8")
    assert facts_to_review(date(2027, 1, 31), confirmed) == []


def test_spoiled_copies_of_the_shipped_files_never_end_in_a_traceback(tmp_path: Path) -> None:
    """Cut, doubled and littered at random, with a fixed seed: the answer is always a list of problems."""
    shutil.copytree(KIT / "audit", tmp_path / "audit")
    chance = random.Random(2026)
    litter = [
        "- ",
        "  ",
        "\t",
        ":",
        "{",
        "]",
        "&a",
        "*a",
        "!x ",
        "'",
        "|",
        "\x00",
        "<<: ",
        "2026-13-45",
        "? ",
        "---\n",
        ".nan",
    ]
    files = sorted(path for path in (tmp_path / "audit").rglob("*") if path.is_file())
    for _ in range(40):
        path = chance.choice(files)
        text = path.read_text(encoding="utf-8")
        at = chance.randrange(len(text))
        spoiled = chance.choice([text[:at], text[:at] + text[at + 20 :], text[:at] + chance.choice(litter) + text[at:]])
        path.write_text(spoiled, encoding="utf-8")
        for problem in check_content(TODAY, tmp_path):
            assert problem.line >= 1
            assert "\n" not in str(problem)
        path.write_text(text, encoding="utf-8")
