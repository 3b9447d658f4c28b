"""The rules of a self-audit on a small standard: what is counted, what comes first, what moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senco_kit.audit.comparison import Movement, compare, movement, movements
from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.audit.other_standard import seen_through
from senco_kit.audit.priorities import priorities
from senco_kit.audit.profile import profile, strengths, to_find_out
from senco_kit.standards.model import Duty, Framework, Heading, Level, Outcome

LEVELS = tuple(
    Level(number, name, "") for number, name in enumerate(("Starting", "Developing", "Secure", "Leading"), 1)
)
THEN = datetime(2026, 9, 1, tzinfo=UTC)


def outcome(outcome_id: str, duty: bool = False) -> Outcome:
    law = Duty("The school must.", ()) if duty else None
    return Outcome(outcome_id, outcome_id[0], f"Title {outcome_id}", "Statement.", "confirmed", duty=law)


def framework(framework_id: str = "small", *headings: Heading) -> Framework:
    headings = headings or (
        Heading("A", "First", "", (outcome("A1"), outcome("A2", duty=True), outcome("A3"))),
        Heading("B", "Second", "", (outcome("B1", duty=True), outcome("B2"))),
    )
    return Framework(framework_id, "Small", "Small", "Us", "current", None, None, "Ours", "", headings)


def audit(audit_id: str = "now", **ratings: Rating) -> SelfAudit:
    return SelfAudit(audit_id, "An audit", "small", THEN, THEN, ratings=ratings)


def at(level: int | None, **more: object) -> Rating:
    return replace(Rating("x", level=level), **more)


def test_a_profile_counts_each_level_and_keeps_what_is_not_known_apart() -> None:
    first, second = profile(audit(A1=at(1), A2=at(None, unsure=True), B1=at(4), B2=at(4)), framework())
    assert first.at_level == {1: 1, 2: 0, 3: 0, 4: 0}
    assert (first.unsure, first.unanswered, first.answered, first.total) == (1, 1, 2, 3)
    assert second.at_level == {1: 0, 2: 0, 3: 0, 4: 2}
    assert (second.unsure, second.unanswered) == (0, 0)


def test_strengths_are_secure_or_leading_with_leading_first() -> None:
    found = strengths(audit(A1=at(3), A2=at(4), A3=at(2), B1=at(3)), framework())
    assert [each.id for each, _ in found] == ["A2", "A1", "B1"]


def test_what_is_not_known_is_a_question_and_never_a_gap() -> None:
    asked = audit(A1=at(None, unsure=True), B2=at(1))
    assert [each.id for each, _ in to_find_out(asked, framework())] == ["A1"]
    assert [each.outcome.id for each in priorities(asked, framework())] == ["B2"]


@pytest.mark.parametrize(
    ("ratings", "order"),
    [
        # The wider gap first, and ties in the order of the standard.
        ({"A1": at(2), "A3": at(1), "B2": at(1)}, ["A3", "B2", "A1"]),
        # A legal duty before a wider gap.
        ({"A1": at(1), "A2": at(2)}, ["A2", "A1"]),
        # What matters now before a legal duty.
        ({"A1": at(2, matters_now=True), "A2": at(1)}, ["A1", "A2"]),
        # Secure is in the list only when it matters now; Leading never is.
        ({"A1": at(3), "A3": at(3, matters_now=True), "B2": at(4, matters_now=True)}, ["A3"]),
    ],
)
def test_priorities_follow_the_rule_that_stands_beside_them(ratings: dict[str, Rating], order: list[str]) -> None:
    found = priorities(audit(**ratings), framework())
    assert [each.outcome.id for each in found] == order
    assert [each.place for each in found] == list(range(1, len(order) + 1))


def test_each_priority_says_why_it_stands_where_it_does() -> None:
    (first,) = priorities(audit(A2=at(2, matters_now=True)), framework())
    assert first.reasons(LEVELS) == (
        "You marked it “matters now”.",
        "Part of it is a legal duty.",
        "You stand at Developing (level 2 of 4).",
    )
    (plain,) = priorities(audit(A1=at(1)), framework())
    assert plain.reasons(LEVELS) == ("You stand at Starting (level 1 of 4).",)


@given(
    st.dictionaries(
        st.sampled_from(["A1", "A2", "A3", "B1", "B2"]),
        st.builds(Rating, st.just("x"), st.sampled_from([None, 1, 2, 3, 4]), matters_now=st.booleans()),
    )
)
def test_priorities_hold_exactly_the_gaps_whatever_was_answered(ratings: dict[str, Rating]) -> None:
    found = [each.outcome.id for each in priorities(audit(**ratings), framework())]
    gaps = {
        each
        for each, rating in ratings.items()
        if rating.level is not None and (rating.level < 3 or (rating.level == 3 and rating.matters_now))
    }
    assert len(found) == len(set(found))
    assert set(found) == gaps


@pytest.mark.parametrize(
    ("earlier", "later", "what"),
    [
        (at(1), at(3), Movement.UP),
        (at(3), at(3), Movement.SAME),
        (at(3), at(2), Movement.DOWN),
        (at(None), at(2), Movement.NOW_KNOWN),
        (at(None, unsure=True), at(2), Movement.NOW_KNOWN),
        (at(2), at(None, unsure=True), Movement.NO_LONGER_KNOWN),
        (at(None, unsure=True), at(None), Movement.OPEN),
    ],
)
def test_movement_between_two_ratings(earlier: Rating, later: Rating, what: Movement) -> None:
    assert movement(earlier, later) is what


def test_a_comparison_speaks_of_every_outcome_and_counts_every_kind() -> None:
    changes = compare(audit("then", A1=at(1), B1=at(3)), audit("now", A1=at(2), B1=at(3)), framework())
    assert [change.outcome.id for change in changes] == ["A1", "A2", "A3", "B1", "B2"]
    counts = movements(changes)
    assert (counts[Movement.UP], counts[Movement.SAME], counts[Movement.DOWN], counts[Movement.OPEN]) == (1, 1, 0, 3)


def test_audits_of_different_standards_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same standard"):
        compare(replace(audit(), framework_id="other"), audit(), framework())
    with pytest.raises(ValueError, match="same standard"):
        compare(audit(), audit(), framework("other"))


def test_answers_seen_through_another_standard_stand_as_they_were_given() -> None:
    other = framework("other", Heading("X", "Other", "", (outcome("X1"), outcome("X2"))))
    pairs = {"X1": ("B1", "A1"), "X2": ()}

    def corresponding(framework_id: str, outcome_id: str, other_id: str) -> tuple[str, ...]:
        assert (framework_id, other_id) == ("other", "small")
        return pairs[outcome_id]

    first, second = seen_through(audit(A1=at(2)), framework(), other, corresponding)
    assert [(each.id, rating.level) for each, rating in first.answers] == [("A1", 2), ("B1", None)]
    assert second.answers == ()
