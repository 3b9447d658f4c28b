"""Tables and pictures of the course as HTML."""

from __future__ import annotations

import html as entities
import re

from senco_kit.course.exercise import Bar, Bars, Row, Table
from senco_kit.course.exhibits import bars_table, html

HOSTILE = "<img src=x onerror=alert(1)>"
PICTURE = Bars(
    "Absence by group",
    (Bar("SEN support", 8.25, 7.5, 9), Bar(f"EHC plan {HOSTILE}", 1234.5)),
    "days of pupils with an EHC plan",
    "SEN support 8 days.",
)


def tables(shown: str) -> list[str]:
    return re.findall("<table>.*?</table>", shown, re.DOTALL)


def test_the_table_of_a_picture_is_drawn_as_any_table_is() -> None:
    assert tables(html(PICTURE)) == tables(html(bars_table(PICTURE)))


def test_the_table_of_a_picture_has_every_value_with_how_far_it_may_lie_to_either_side() -> None:
    (table,) = tables(html(PICTURE))
    assert [entities.unescape(each) for each in re.findall("<t[hd](?: [^>]*)?>(.*?)</t[hd]>", table)] == [
        *("", "Days of pupils with an EHC plan", "Could be from", "to"),
        *("SEN support", "8.2", "7.5", "9"),
        *(f"EHC plan {HOSTILE}", "1,234", "", ""),
    ]
    assert table.count('<td class="number">') == 6
    assert HOSTILE not in html(PICTURE)


def test_a_table_and_a_picture_that_stand_twice_on_a_page_have_two_names() -> None:
    table = Table("Pupils", ("Pupil", "Year"), (Row("1", ("12", "Year 4")),))
    assert 'aria-label="Pupils (question 2)"' in html(table, "question 2")
    assert 'aria-label="Absence by group, as a table (question 2)"' in html(PICTURE, "question 2")
