"""The Word report: opened again with python-docx, and its XML looked at where Word's own rules matter."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn

from senco_kit.audit.model import Action, Evidence, Rating, SelfAudit
from senco_kit.audit.priorities import RULE
from senco_kit.reports import word_report
from senco_kit.standards import read
from senco_kit.standards.model import Duty, Fact, Framework, Heading, Level, Outcome

DAY = date(2026, 11, 21)
LEVELS = tuple(Level(n, name, f"{name} in general.") for n, name in enumerate(["Low", "Rising", "Firm", "Top"], 1))
FACTS = {
    "seen": Fact("seen", 12, "weeks", "Longest wait.", "Act X", 2014, DAY, None, "confirmed"),
    "unseen": Fact("unseen", "Act Y", None, "Tell parents.", "Act Y", 2014, DAY, None, "to-check"),
    "stale": Fact("stale", "Act Z", None, "Publish.", "Act Z", 2014, DAY, date(2026, 1, 1), "confirmed"),
}
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "\u202ertl",
    "0123456789" * 1000,
    "one\n\ntwo\tthree",
    "\U0001f600 \u05d0",
    "<w:p>&amp;</w:p>]]>",
    '{ HYPERLINK "http://x" } PAGE',
    "http://x.example/",
]


def outcome(outcome_id: str, duty: Duty | None = None, levels: tuple[str, ...] = ("a", "b", "c", "d")) -> Outcome:
    described = tuple(f"{outcome_id} looks like {each}." for each in levels)
    return Outcome(outcome_id, "", f"Title {outcome_id}", f"I do {outcome_id}.", "confirmed", "", duty, described)


def framework(status: str = "historic") -> Framework:
    duty = Duty("The governing body must.", ("seen", "unseen", "stale", "not-in-the-register"))
    one = Heading("A", "First heading", "", (outcome("A1", duty), outcome("A2"), outcome("A3")))
    two = Heading("B", "Second heading", "", (outcome("B1"), outcome("B2", levels=())))
    end = date(2014, 8, 31) if status == "historic" else None
    return Framework("f", "Award of old", "Award", "Us", status, None, end, "", "", (one, two))  # type: ignore[arg-type]


def audit(*ratings: Rating, actions: tuple[Action, ...] = (), name: str = "Autumn audit") -> SelfAudit:
    noon = datetime(2025, 11, 3, 12, tzinfo=UTC)
    return SelfAudit("1", name, "f", noon, noon, None, {each.outcome_id: each for each in ratings}, actions)


def filled() -> SelfAudit:
    evidence = (Evidence("e", "Minutes", "Shared drive", date(2026, 3, 4)), Evidence("g"))
    return audit(
        Rating("A1", 2),
        Rating("A2", 4, evidence=evidence, note="First line\nSecond line"),
        Rating("A3", unsure=True),
        Rating("B2", 1, matters_now=True),
        actions=(Action("x", "A1", "Write to parents", "They answer", date(2027, 1, 15), "The head", "Letter"),),
    )


def earlier() -> SelfAudit:
    return audit(Rating("A1", 1), Rating("A2", 4), Rating("A3", 3), Rating("B2", 2), name="Last year")


def made(one: SelfAudit, before: SelfAudit | None = None, standard: Framework | None = None) -> bytes:
    return word_report(one, standard or framework(), LEVELS, FACTS, before, DAY)


def opened(*arguments: object) -> object:
    return Document(io.BytesIO(made(*arguments)))


@cache
def alone() -> object:
    """The report of the filled audit. Making one takes a moment, so the tests that only look share it."""
    return opened(filled())


@cache
def compared() -> object:
    """The report of the filled audit beside an earlier one."""
    return opened(filled(), earlier())


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def texts(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def cells(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def under(document, heading: str) -> list[str]:
    """The paragraphs between a heading 1 and the next one."""
    found, inside = [], False
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Heading 1":
            inside = paragraph.text == heading
        elif inside:
            found.append(paragraph.text)
    return found


def test_headings_go_down_one_step_at_a_time_under_one_title():
    document = compared()
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Title") == 1
    assert styles[0] == "Title"
    steps = [int(name[-1]) for name in styles if name.startswith("Heading")]
    assert steps[0] == 1
    assert {1, 2, 3} == set(steps)
    assert all(after - before <= 1 for before, after in pairwise(steps))


def test_the_parts_come_in_order_whether_or_not_there_is_anything_in_them():
    parts = [
        "At a glance",
        "Where you stand",
        "Strengths",
        "Priorities",
        "Things to find out",
        "What moved",
        "Action plan",
        "Appendix: every item",
    ]
    for one, before in [(filled(), earlier()), (audit(), None)]:
        found = [each.text for each in opened(one, before).paragraphs if each.style.name == "Heading 1"]
        assert found == parts


def test_an_empty_audit_says_plainly_that_there_is_nothing_yet():
    document = opened(audit())
    for heading in ["Strengths", "Priorities", "Things to find out", "What moved", "Action plan"]:
        assert any(text.startswith("Nothing yet") for text in under(document, heading)), heading
    assert "Answered: 0 of 5 items." in texts(document)
    assert texts(document).count("Level: No answer yet.") == 5


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("historic", "Award of old. This standard is historic: it was in force until 31 August 2014."),
        ("proposed", "Award of old. This standard is a proposal: it is not in force."),
        ("current", "Award of old. This standard is current."),
    ],
)
def test_the_state_of_the_standard_stands_under_the_title(status, sentence):
    assert texts(opened(audit(), None, framework(status)))[1] == sentence


def test_at_a_glance_gives_the_counts_and_the_first_three_priorities():
    document = compared()
    assert under(document, "At a glance") == [
        "Answered: 4 of 5 items, 1 of them with “I don't know yet”.",
        "Strengths: 1 item (1 at Top, 0 at Firm).",
        "To find out: A3 Title A3.",
        "What moved: moved up: 1; same level: 1; moved down: 1; no longer answered: 1; not answered in either: 1.",
        "First priorities: ",
        "B2 Title B2: Low",
        "A1 Title A1: Rising",
    ]


def test_the_picture_says_the_counts_in_words_and_the_table_gives_them_again():
    document = alone()
    (picture,) = document.inline_shapes
    alt = picture._inline.docPr.get("descr")
    assert "First heading: 1 Rising, 1 Top, 1 I don't know yet." in alt
    assert "Second heading: 1 Low, 1 No answer yet." in alt
    assert cells(document.tables[0]) == [
        ["Heading", "Low", "Rising", "Firm", "Top", "I don't know yet", "No answer yet", "Items"],
        ["First heading", "0", "1", "0", "1", "1", "0", "3"],
        ["Second heading", "1", "0", "0", "0", "0", "1", "2"],
    ]


def test_priorities_come_in_order_with_the_rule_and_their_reasons():
    said = under(alone(), "Priorities")
    assert said[1:6] == list(RULE)
    assert [text for text in said if re.match(r"\d\. ", text)] == ["1. B2 Title B2", "2. A1 Title A1"]
    assert "Why it stands here: You marked it “matters now”. You stand at Low (level 1 of 4)." in said
    assert "Why it stands here: Part of it is a legal duty. You stand at Rising (level 2 of 4)." in said
    assert "What Firm looks like: A1 looks like c." in said
    assert "What Rising looks like: Rising in general." in said
    assert "The legal duty: The governing body must." in said


def test_facts_that_nobody_has_checked_or_that_are_out_of_date_say_check_the_source():
    said = under(alone(), "Priorities")
    assert "Longest wait (12 weeks). Source: Act X, 2014." in said
    assert "Tell parents. Source: Act Y, 2014. [check the source]" in said
    assert "Publish. Source: Act Z, 2014. [check the source]" in said


def test_what_moved_shows_each_item_then_and_now():
    document = compared()
    assert "Compared with the audit started on 3 November 2025: Last year" in under(document, "What moved")
    assert cells(document.tables[1])[:4] == [
        ["Item", "Then", "Now", "Movement"],
        ["A1 Title A1", "Low", "Rising", "moved up"],
        ["A2 Title A2", "Top", "Top", "same level"],
        ["A3 Title A3", "Firm", "I don't know yet", "no longer answered"],
    ]


def test_the_action_plan_is_a_table():
    assert cells(alone().tables[-1]) == [
        ["Item", "Action", "Success looks like", "By when", "With whom", "Evidence"],
        ["A1 Title A1", "Write to parents", "They answer", "15 January 2027", "The head", "Letter"],
    ]


def test_the_appendix_tells_everything_about_every_item():
    said = under(alone(), "Appendix: every item")
    start = said.index("A2 Title A2")
    assert said[start : said.index("A3 Title A3")] == [
        "A2 Title A2",
        "I do A2.",
        "You stand at Top (level 4 of 4): A2 looks like d.",
        "Matters now: No.",
        "Evidence: ",
        "Minutes (kept: Shared drive; date: 4 March 2026)",
        "Evidence not described yet",
        "Note: First line\nSecond line",
    ]
    assert "Matters now: Yes." in said
    assert "Level: I don't know yet." in said


def test_every_table_repeats_its_header_and_no_row_is_split_over_pages():
    document = compared()
    assert len(document.tables) == 3
    for table in document.tables:
        marks = [{mark.tag for mark in row._tr.trPr} for row in table.rows]
        assert qn("w:tblHeader") in marks[0]
        assert not any(qn("w:tblHeader") in each for each in marks[1:])
        assert all(qn("w:cantSplit") in each for each in marks)


def test_a_row_longer_than_a_page_may_be_split():
    table = opened(audit(actions=(Action("x", "A1", HOSTILE[4]),))).tables[-1]
    assert table.rows[1]._tr.trPr is None or qn("w:cantSplit") not in {mark.tag for mark in table.rows[1]._tr.trPr}


def test_lists_are_real_lists_and_numbered_ones_begin_at_1():
    document = alone()
    numbered = [each for each in document.paragraphs if each.style.name == "List Number"]
    assert [each.text for each in numbered] == ["B2 Title B2: Low", "A1 Title A1: Rising"]
    number_id = numbered[0]._p.pPr.numPr.numId.val
    number = document.part.numbering_part.element.num_having_numId(number_id)
    assert number.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "1"
    assert [each.text for each in document.paragraphs if each.style.name == "List Bullet"][:6] == ["A2 Title A2", *RULE]


def test_the_language_is_british_english_everywhere():
    data = made(filled())
    for name, mark in [("word/styles.xml", "w:lang "), ("word/settings.xml", "w:themeFontLang ")]:
        found = re.findall(f'<{mark}[^>]*w:val="([^"]+)"', part(data, name))
        assert found, name
        assert set(found) == {"en-GB"}, name


def test_the_file_names_nobody():
    document = alone()
    properties = document.core_properties
    assert properties.title == "Autumn audit"
    assert properties.language == "en-GB"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def test_the_paper_is_a4_and_the_action_plan_lies_on_its_side():
    sizes = [(round(one.page_width.cm, 1), round(one.page_height.cm, 1)) for one in alone().sections]
    assert sizes == [(21.0, 29.7), (29.7, 21.0), (21.0, 29.7)]
    for table in compared().tables:
        width = sum(column.width.cm for column in table.columns)
        assert width <= (25.71 if len(table.columns) == 6 else 17.01)


def test_only_the_footer_has_fields_and_nothing_is_a_link():
    data = made(hostile(), hostile())
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", part(data, "word/footer1.xml")) == [" PAGE ", " NUMPAGES "]
    body = part(data, "word/document.xml")
    assert not re.search("w:instrText|w:fldSimple|w:fldChar|w:hyperlink|w:object", body)
    assert "http" not in "".join(re.findall('Target="[^"]*"', part(data, "word/_rels/document.xml.rels")))


def hostile() -> SelfAudit:
    ids = ["A1", "A2", "A3", "B1", "B2"]
    evidence = tuple(Evidence(str(n), text, text, date(1, 1, 1)) for n, text in enumerate(HOSTILE))
    notes = [Rating(each, 1, note=text, evidence=evidence) for each, text in zip(ids, HOSTILE, strict=False)]
    actions = tuple(Action(str(n), "A1", text, text, date(1, 1, 1), text, text) for n, text in enumerate(HOSTILE))
    return audit(*notes, actions=actions, name="<b>\u202e$x$ {PAGE} \U0001f600")


def test_hostile_text_stays_the_same_plain_text():
    document = opened(hostile())
    assert texts(document)[0] == "<b>\u202e$x$ {PAGE} \U0001f600"
    said = set(texts(document))
    assert all(f"Note: {text}" in said for text in HOSTILE[:5])
    assert all(f"{text} (kept: {text}; date: 1 January 1)" in said for text in HOSTILE)
    for text, row in zip(HOSTILE, cells(document.tables[-1])[1:], strict=True):
        assert [row[column] for column in (1, 2, 4, 5)] == [text] * 4


def test_control_characters_and_a_very_long_name_do_not_stop_the_report():
    document = opened(audit(Rating("A1", 1, note="a\x00b\ud800c\x0cd"), name="n" * 400))
    assert "Note: abcd" in texts(document)
    assert texts(document)[0] == "n" * 400
    assert document.core_properties.title == "n" * 255


def test_audits_of_two_standards_cannot_be_compared():
    other = SelfAudit("2", "Other", "g", datetime(2025, 1, 1, 12), datetime(2025, 1, 1, 12))
    with pytest.raises(ValueError, match="same standard"):
        made(audit(), other)


def test_the_report_of_the_kits_own_standard_holds_all_its_items():
    standard = read.framework("national-award-2009")
    noon = datetime(2026, 1, 1, 12)
    ratings = {each.id: Rating(each.id, 1) for each in standard.outcomes()}
    one = SelfAudit("1", "All", standard.id, noon, noon, None, ratings)
    document = Document(io.BytesIO(word_report(one, standard, read.levels(), read.facts(), None, DAY)))
    third = [each.text for each in document.paragraphs if each.style.name == "Heading 3"]
    assert third == [f"{each.id} {each.title}" for each in standard.outcomes()]
    assert len(third) == 19
