"""Forms described by data: what fits a field, and the HTML that is drawn for it."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_field, draw_form
from senco_kit.forms.fields import (
    ChooseMany,
    ChooseOne,
    Date,
    Field,
    Form,
    LongText,
    Number,
    Option,
    Section,
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
