"""Forms described by data: what fits a field, and the HTML that is drawn for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from senco_kit.forms.check import Refused, check, errors_of
from senco_kit.forms.draw import draw_field, draw_form, left_in_words, left_part
from senco_kit.forms.fields import (
    ChooseMany,
    ChooseOne,
    Date,
    Field,
    Form,
    LongText,
    Number,
    Option,
    PickRow,
    PickRows,
    PutInOrder,
    Section,
    ShareOut,
    ShortText,
    Table,
    Tick,
    Value,
)
from senco_kit.typed_numbers import number_typed

OPTIONS = (Option("1", "One", "The first."), Option("2", "Two"))
ONE = ChooseOne(name="a/standing", label="Which?", options=OPTIONS, aside=(Option("x", "Don't know"),))
ROWS = Table(
    name="a/rows", label="Rows", row_label="Row", add_label="Add", columns=(ShortText(name="what", label="What"),)
)
PICK = PickRows(
    name="p",
    label="P",
    caption="Pupils",
    columns=("Pupil", "Year", "Score"),
    rows=(PickRow("r1", ("12", "Year 4", "84")), PickRow("r2", ("15", "Year 4", "84"))),
)
ORDER = PutInOrder(name="o", label="O", options=(Option("a", "Assess"), Option("p", "Plan"), Option("d", "Do")))
SHARE = ShareOut(
    name="s", label="S", rows=(Option("x", "Group"), Option("y", "Books", "For all.")), unit="pounds", total=1000
)
HOSTILE = '</textarea><script>alert(1)</script>"\' onfocus="x'


class Tags(HTMLParser):
    """Collects the tags of some HTML with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (ONE, "1"),
        (ONE, "x"),
        (ONE, ""),
        (ChooseMany(name="m", label="M", options=OPTIONS), ["1", "2"]),
        (Tick(name="t", label="T"), "yes"),
        (Number(name="n", label="N", lowest=0, highest=10), " 7.5 "),
        (Number(name="n", label="N"), "£1,250"),
        (Number(name="n", label="N", lowest=1250.5, highest=1250.5), " £ 1 250.50 "),
        (Number(name="n", label="N", lowest=-3, highest=-3), "\N{MINUS SIGN}3"),
        (Date(name="d", label="D"), "24 September 2026"),
        (ShortText(name="s", label="S", longest=3), "abc"),
        (LongText(name="l", label="L"), "x" * 20_000),
        (PICK, ["r2"]),
        (PICK, []),
        (PICK, ""),
        (ORDER, ["d", "a", "p"]),
        (ORDER, []),
        (ORDER, ""),
        (SHARE, [{"id": "y", "amount": "£1,200"}, {"id": "x", "amount": ""}]),
        (SHARE, []),
        (SHARE, ""),
    ],
)
def test_answers_that_fit(asked: Field, value: Value) -> None:
    check(asked, value)


@pytest.mark.parametrize(
    ("asked", "value", "says"),
    [
        (ONE, "3", "Which?: choose one of the answers shown."),
        (ChooseMany(name="m", label="M", options=OPTIONS), ["1", "9"], "M: choose from the answers shown."),
        (ChooseMany(name="m", label="M", options=OPTIONS), "1", "M: choose from the answers shown."),
        (ChooseMany(name="m", label="M", options=OPTIONS, required=True), [], "Choose an answer: M."),
        (PICK, ["r3"], "P: choose from the answers shown."),
        (replace(PICK, required=True), "", "Choose an answer: P."),
        (ORDER, ["a", "p"], "O: put each of the 3 shown in its place, once."),
        (ORDER, ["a", "p", "d", "d"], "O: put each of the 3 shown in its place, once."),
        (ORDER, ["a", "p", "p"], "O: put each of the 3 shown in its place, once."),
        (ORDER, [{"id": "a"}, "p", "d"], "O: put each of the 3 shown in its place, once."),
        (ORDER, "apd", "O: put each of the 3 shown in its place, once."),
        (replace(ORDER, required=True), [], "Choose an order: O."),
        (SHARE, [{"id": "z", "amount": "1"}], "S: enter amounts for the rows shown."),
        (SHARE, ["x"], "S: enter amounts for the rows shown."),
        (SHARE, "12", "S: enter amounts for the rows shown."),
        (SHARE, [{"id": "y", "amount": "-1"}], "Books: enter 0 pounds or more."),
        (SHARE, [{"id": "y", "amount": "many"}], "Books: enter a number in figures, such as 12.5."),
        (replace(SHARE, required=True), [{"id": "y", "amount": " "}], "Enter an answer: S."),
        (Tick(name="t", label="T"), "no", "T: choose one of the answers shown."),
        (Number(name="n", label="N"), "seven", "N: enter a number in figures, such as 12.5."),
        (Number(name="n", label="N"), "nan", "N: enter a number in figures, such as 12.5."),
        *(
            (Number(name="n", label="N"), typed, "N: enter a number in figures, such as 12.5.")
            for typed in ("1_000", "٤٢", "inf", "12,50", "1e3", "1 2", "£", "--1", "42£", "9" * 400)
        ),
        (Number(name="n", label="N", whole=True), "1.5", "N: enter a whole number."),
        (Number(name="n", label="N", unit="hours", lowest=1), "0", "N: enter 1 hours or more."),
        (Number(name="n", label="N", highest=90), "91", "N: enter 90 or less."),
        (Date(name="d", label="D"), "soon", "D: enter a date such as 24 September 2026 or 24/9/2026."),
        (ShortText(name="s", label="S", longest=3), "abcd", "S: this text has 4 characters. Shorten it to 3 or fewer."),
        (ShortText(name="s", label="S", required=True), "  ", "Enter an answer: S."),
        (ShortText(name="s", label="S"), ["a"], "S: this answer is not text. Reload the page and answer again."),
    ],
)
def test_answers_that_do_not_fit_get_one_sentence(asked: Field, value: Value, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        check(asked, value)
    assert str(refusal.value) == says


def test_a_form_that_is_sent_says_what_is_wrong_with_each_field() -> None:
    name, pupils = (
        ShortText(name="name", label="Name", required=True),
        Number(name="pupils", label="Pupils", highest=90),
    )
    assert errors_of([name, pupils, PICK], {"name": "Hill", "pupils": "90", "p": ["r1"]}) == {}
    assert errors_of([name, pupils, PICK], {"pupils": "91", "unknown": "x"}) == {
        "name": "Enter an answer: Name.",
        "pupils": "Pupils: enter 90 or less.",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [("£420", 420), ("1,250,000", 1_250_000), ("1\xa0250", 1250), ("-£5", -5), ("£-5", -5), ("7.", 7), (".5", 0.5)],
)
def test_a_number_that_fits_its_field_can_be_read(text: str, number: float) -> None:
    check(Number(name="n", label="N"), text)
    assert number_typed(text) == number


def test_a_form_finds_its_fields_and_the_cells_of_its_tables() -> None:
    form = Form("k", (Section("S", (ONE, ROWS)),))
    assert form.find("a/standing") is ONE
    assert form.find("a/rows/17/what").label == "What"
    with pytest.raises(KeyError):
        form.find("a/rows/17/nothing")


def test_a_form_finds_each_amount_of_what_is_shared_out() -> None:
    form = Form("k", (Section("S", (ORDER, SHARE)),))
    assert form.find("s") is SHARE
    assert form.find("s/y") == Number(name="s/y", label="Books", hint="For all.", unit="pounds", lowest=0)
    with pytest.raises(KeyError):
        form.find("s/z")


def test_radios_share_a_name_in_a_fieldset_of_their_own_with_a_legend() -> None:
    html = Tags(draw_field(ONE, "2"))
    radios = [each for each in html.named("input") if each["type"] == "radio"]
    assert {each["name"] for each in radios} == {"a/standing"}
    assert [each["value"] for each in radios if "checked" in each] == ["2"]
    assert len(html.named("fieldset")) == len(html.named("legend")) == 1
    labels = {each["for"] for each in html.named("label")}
    assert labels == {each["id"] for each in radios}


@pytest.mark.parametrize(
    "asked", [ShortText(name="s", label="S"), LongText(name="s", label="S"), Date(name="s", label="S")]
)
def test_every_box_has_a_label_of_its_own_and_says_what_is_wrong(asked: Field) -> None:
    html = Tags(draw_field(asked, "", "Something is wrong."))
    (box,) = html.named("input") + html.named("textarea")
    (label,) = html.named("label")
    assert label["for"] == box["id"]
    assert box["aria-invalid"] == "true"
    described = str(box["aria-describedby"]).split()
    ids = {attributes.get("id") for _, attributes in html.tags}
    assert set(described) <= ids
    assert f"{box['id']}-error" in described


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (ShortText(name="s", label=HOSTILE, hint=HOSTILE), HOSTILE),
        (LongText(name="s", label=HOSTILE), HOSTILE),
        (replace(PICK, caption=HOSTILE, columns=(HOSTILE,), rows=(PickRow(HOSTILE, (HOSTILE,)),)), [HOSTILE]),
        (PutInOrder(name="s", label="S", options=(Option(HOSTILE, HOSTILE, HOSTILE),)), [HOSTILE]),
        (replace(SHARE, unit=HOSTILE, rows=(Option(HOSTILE, HOSTILE),)), [{"id": HOSTILE, "amount": HOSTILE}]),
        (ChooseOne(name="s", label=HOSTILE, options=(Option("1", HOSTILE, HOSTILE),)), "1"),
        (
            Table(name="s", label=HOSTILE, row_label="Row", add_label=HOSTILE, columns=ROWS.columns),
            [{"id": "1", "what": HOSTILE}],
        ),
    ],
)
def test_no_text_becomes_markup(asked: Field, value: Value) -> None:
    html = Tags(draw_field(asked, value, HOSTILE))
    assert not html.named("script")
    assert all("onfocus" not in attributes for _, attributes in html.tags)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\x00")))
@example("\nstarts with an empty line")
def test_long_text_comes_back_from_the_html_as_it_went_in(text: str) -> None:
    class Inside(HTMLParser):
        inside = ""

        def handle_data(self, data: str) -> None:
            self.inside += data if self.lasttag == "textarea" else ""

    html = str(draw_field(LongText(name="s", label="S"), text))
    parser = Inside(convert_charrefs=True)
    parser.feed(html[: html.index("</textarea>")])
    parser.close()
    # A browser drops the first newline after the tag; the template puts one there on purpose.
    assert parser.inside.removeprefix("\n") == text


def test_a_form_draws_its_sections_values_and_errors() -> None:
    form = Form("k", (Section("First", (ShortText(name="s", label="S"),)), Section("Second", (ROWS,))))
    rows: Sequence[dict[str, str]] = [{"id": "r1", "what": "One"}, {"id": "r2", "what": "Two"}]
    html = Tags(draw_form(form, {"s": "typed", "a/rows": rows}, {"s": "Wrong."}))
    drawn = [each for each in html.named("input") if each.get("data-name") in {"s", "a/rows/r1/what", "a/rows/r2/what"}]
    assert [each["value"] for each in drawn] == ["typed", "One", "Two"]
    assert [each["data-row"] for each in html.named("fieldset")] == ["r1", "r2", "NEW-ROW"]


def ids_of(html: Tags) -> set[str]:
    return {str(attributes["id"]) for _, attributes in html.tags if "id" in attributes}


def test_rows_to_pick_are_a_table_with_headers_and_a_labelled_box_in_each_row() -> None:
    html = Tags(draw_field(PICK, ["r2"]))
    (group,) = html.named("fieldset")
    assert (group["data-name"], group["data-kind"]) == ("p", "many")
    boxes = html.named("input")
    assert [(each["value"], "checked" in each) for each in boxes] == [("r1", False), ("r2", True)]
    assert [each["for"] for each in html.named("label")] == [each["id"] for each in boxes]
    assert [each["scope"] for each in html.named("th")] == ["col", "col", "col", "row", "row"]
    assert len(html.named("caption")) == len(html.named("legend")) == 1
    assert "Pupils" in draw_field(PICK)
    assert all("aria-labelledby" not in each for each in boxes)  # the first cell tells the rows apart


def test_rows_that_share_a_first_cell_are_named_by_more_of_them() -> None:
    same = (PickRow("r1", ("12", "Year 4", "84")), PickRow("r2", ("12", "Year 5", "84")))
    assert replace(PICK, rows=same).naming_cells == 2
    html = Tags(draw_field(replace(PICK, rows=same)))
    for box in html.named("input"):
        named_by = str(box["aria-labelledby"]).split()
        assert len(named_by) == 2
        assert set(named_by) <= ids_of(html)


def test_things_to_order_stand_in_the_persons_order_and_cannot_leave_it_at_the_ends() -> None:
    html = Tags(draw_field(ORDER, ["d", "a", "p"]))
    assert [each["data-value"] for each in html.named("li")] == ["d", "a", "p"]
    ends = [(each["data-move"], each["aria-disabled"]) for each in html.named("button")]
    assert ends == [
        ("up", "true"), ("down", "false"), ("up", "false"), ("down", "false"), ("up", "false"), ("down", "true"),
    ]  # fmt: skip
    assert all("disabled" not in each for each in html.named("button"))  # they keep the focus
    (given,) = html.named("input")
    assert "checked" in given


@pytest.mark.parametrize("value", [None, "", [], ["a", "p"], ["a", "p", "x"]])
def test_an_order_that_was_not_given_is_shown_as_it_is_asked(value: Value | None) -> None:
    html = Tags(draw_field(ORDER, value))
    assert [each["data-value"] for each in html.named("li")] == ["a", "p", "d"]
    assert "checked" not in html.named("input")[0]


def test_each_amount_is_a_number_of_its_own_that_is_told_what_is_left() -> None:
    html = Tags(draw_field(SHARE, [{"id": "y", "amount": "£ 250"}]))
    boxes = html.named("input")
    assert [(each["data-name"], each["data-kind"], each["value"]) for each in boxes] == [
        ("s/x", "text", ""),
        ("s/y", "text", "£ 250"),
    ]
    assert all("f-s-left" in str(each["aria-describedby"]).split() for each in boxes)
    for _, attributes in html.tags:
        assert set(str(attributes.get("aria-describedby") or "").split()) <= ids_of(html)


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        ([], "Left to share out: 1,000 of 1,000 pounds."),
        (["£1,000", "no number"], "Nothing is left: all 1,000 pounds are shared out."),
        (["0.1", "0.2"], "Left to share out: 999.70 of 1,000 pounds."),
        (["900", "250.5"], "Too much: 150.50 pounds more than the 1,000 there are."),
    ],
)
def test_what_is_left_is_said_in_words(amounts: list[str], says: str) -> None:
    value = [{"id": row, "amount": amount} for row, amount in zip("xy", amounts, strict=False)]
    assert left_in_words(SHARE, [*value, {"id": "of another form", "amount": "5"}]) == says
    assert left_part(SHARE, value) == {"f-s-left": says}
    assert f'id="f-s-left">{says}<' in draw_field(SHARE, value)
