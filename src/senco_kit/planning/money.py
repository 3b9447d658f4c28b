"""Money: what is spent on whom and from which line, what that makes one ask, and the same sum spent two ways.

Sums are those of the provision map (provision/cost.py) and, where the data has them, of the budget and the accounts.
The comparison of two ways takes one sum and asks what it buys as targeted provision, and what as training, cover and
coaching of teachers. What the second does for pupils is not known from the data, and nothing here guesses it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from senco_kit.forms.fields import Field, Number, ShortText
from senco_kit.in_figures import known, percent, pounds
from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Record
from senco_kit.standards.read import fact

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.provision.data import ProvisionData
    from senco_kit.provision.signals import Signal

Tables = Mapping[str, "pd.DataFrame"]

ALL_PUPILS, SUPPORT, PLANS = "all pupils", "pupils with SEN support", "pupils with EHC plans"
DISADVANTAGED, EAL, LOW = "disadvantaged pupils", "pupils with EAL", "pupils with low attainment"
#: The groups whose spending a pupil is compared. Of pupils with low attainment the data has no list.
COMPARED: Final = (SUPPORT, PLANS, DISADVANTAGED, EAL)


@dataclass(frozen=True)
class Limits:
    """From where on something is worth asking about, in one place: the kit's own rule."""

    many: int = 20  # pupils in a group before its spending is compared
    thin: float = 0.25  # share of what the other groups' middle one has a pupil
    unspent: float = 0.5  # share of a line that is booked
    training: float = 0.02  # share of all that is booked, for training of staff


@dataclass(frozen=True)
class GroupSpend:
    """What goes to a group: pounds booked for it, and the planned cost of its pupils' places on the map.

    None where not known. A pupil can be in several groups, and then the planned cost of the places counts in each.
    """

    group: str
    pupils: int | None
    booked: float | None
    planned: float | None
    booked_by_line: Mapping[str, float]

    @property
    def amount(self) -> float | None:
        """What is booked, or planned where nothing is known to be booked."""
        return self.planned if self.booked is None else self.booked

    @property
    def per_pupil(self) -> float | None:
        """The amount a pupil of the group."""
        return self.amount / self.pupils if self.pupils and self.amount is not None else None


@dataclass(frozen=True)
class LineSpend:
    """A funding line: pounds in the budget, planned on the map, booked in the accounts; None where not known."""

    line: str
    budget: float | None
    planned: float
    booked: float | None
    meant_for: str

    @property
    def left(self) -> float | None:
        """Budget less what is booked, or less what is planned where nothing is known to be booked."""
        gone = self.planned if self.booked is None else self.booked
        return None if self.budget is None else self.budget - gone


@dataclass(frozen=True)
class Spend:
    """All that is known of a school's spending on inclusion. `training` is what is booked for training of staff."""

    groups: tuple[GroupSpend, ...]
    lines: tuple[LineSpend, ...]
    booked: float | None
    training: float | None


@dataclass(frozen=True)
class Question:
    """Something about the money that is worth asking. `id` is for the finding that is made of it."""

    id: str
    says: str
    why_care: str
    group: str = ""


def spend(data: ProvisionData, tables: Tables | None) -> Spend:
    """What is spent on whom and from which line. `tables` are those of an invented school; own data has no accounts."""
    from senco_kit.provision.cost import funding

    lines = tuple(
        LineSpend(
            str(row["funding_line"]),
            _or_none(row["budget"]),
            float(row["planned_cost"]),
            _or_none(row["spent"]) if data.spending is not None else None,
            str(row["meant_for"]),
        )
        for row in funding(data).to_dict("records")
    )
    accounts = data.spending
    booked = float(accounts["amount"].sum()) if accounts is not None else None
    training = float(accounts.loc[accounts["kind"] == "training", "amount"].sum()) if accounts is not None else None
    return Spend(tuple(_groups(data, tables or {})), lines, booked, training)


def _or_none(value: Any) -> float | None:
    return float(value) if known(value) else None


def _groups(data: ProvisionData, tables: Tables) -> Iterator[GroupSpend]:
    from senco_kit.provision.cost import pupil_costs

    cost = pupil_costs(data)
    planned = (cost["cost"] + cost["preparation_cost"]).to_numpy()
    accounts = data.spending
    for group, inside in _members(data, tables).items():
        by_line: dict[str, float] = {}
        if accounts is not None:
            rows = accounts[accounts["spent_for"].astype("str") == group]
            by_line = {str(line): float(sum_) for line, sum_ in rows.groupby("funding_line")["amount"].sum().items()}
            by_line = {line: amount for line, amount in by_line.items() if amount}
        elif inside is None:
            continue  # own data says nothing of this group
        yield GroupSpend(
            group,
            None if inside is None else int(inside.sum()),
            None if accounts is None else sum(by_line.values()),
            None if inside is None else float(planned[inside].sum()),
            by_line,
        )


def _members(data: ProvisionData, tables: Tables) -> dict[str, Any]:
    """Who is in each priority group, a truth value for each row of `data.pupils`; None where the data does not say."""
    pupils, table = data.pupils, tables.get("pupils")
    status = pupils["SENprovision"].astype("str")
    poor: Any = None
    if table is not None:
        poor = (table["fsm_ever_six"] | table["in_care"]).to_numpy(bool)
    elif pupils["FSMeligible"].notna().any():
        poor = pupils["FSMeligible"].astype("object").eq(True).to_numpy(bool)
    return {
        ALL_PUPILS: pupils["pupil_id"].notna().to_numpy(),
        SUPPORT: status.eq("K").to_numpy(),
        PLANS: status.eq("E").to_numpy(),
        DISADVANTAGED: poor,
        EAL: None if table is None else table["Language"].astype("str").eq("OTH").to_numpy(),
        LOW: None,
    }


# ----------------------------------------------------------------------------------------------------- questions


def questions(found: Spend, signals: Sequence[Signal] = (), limits: Limits = Limits()) -> list[Question]:
    """What the money makes one ask. `signals` are the questions of the provision map, of which those on money count."""
    asked = [*_thin(found, limits), *_plans_under_support(found, limits), *_lines(found, limits)]
    for signal in signals:
        if signal.kind == "wrong-group":
            line = str(signal.figures["funding_line"]).replace(" ", "-")
            asked.append(Question(f"wrong-group-{line}", signal.says, signal.why_care))
    if found.booked and found.training is not None and found.training < limits.training * found.booked:
        asked.append(
            Question(
                "training",
                f"{pounds(found.training)} of {pounds(found.booked)} booked went to training of staff: less than "
                f"{percent(limits.training)}. What does the money build that stays?",
                "A provision ends with its last session. What adults have learnt is there for the next pupils too.",
            )
        )
    return asked


def _thin(found: Spend, limits: Limits) -> Iterator[Question]:
    """Groups with many pupils and little money a pupil, beside the other groups."""
    groups = [each for each in found.groups if each.group in COMPARED and (each.pupils or 0) >= limits.many]
    for one in groups:
        others = [each.per_pupil for each in groups if each is not one and each.per_pupil is not None]
        if one.per_pupil is None or not others or one.per_pupil >= limits.thin * median(others):
            continue
        yield Question(
            f"thin-{one.group.replace(' ', '-')}",
            f"{_capital(one.group)}: {pounds(one.per_pupil)} a pupil for {one.pupils} pupils, while the middle one of "
            f"the other groups has {pounds(median(others))}. Is that what they need?",
            "Spending should follow what groups of pupils achieve and need. Some of what helps this group may be "
            "booked for others, or cost nothing extra.",
            _capital(one.group),
        )


def _plans_under_support(found: Spend, limits: Limits) -> Iterator[Question]:
    by_group = {each.group: each for each in found.groups}
    support, plans = by_group.get(SUPPORT), by_group.get(PLANS)
    if not support or not plans or min(support.pupils or 0, plans.pupils or 0) < limits.many:
        return
    if plans.per_pupil is not None and support.per_pupil is not None and plans.per_pupil < support.per_pupil:
        yield Question(
            "plans-under-support",
            f"For each pupil with an EHC plan there is {pounds(plans.per_pupil)}, for each with SEN support "
            f"{pounds(support.per_pupil)}. Is all that the plans ask for paid for, and booked for them?",
            "What a plan sets out has to be given. Money for it may be booked elsewhere, or in a colleague’s hours.",
            "Pupils with an EHC plan",
        )


def _lines(found: Spend, limits: Limits) -> Iterator[Question]:
    for line in found.lines:
        gone, word = (line.planned, "planned") if line.booked is None else (line.booked, "booked")
        if line.budget is None or line.line == "core":
            continue
        name, place = _capital(line.line), line.line.replace(" ", "-")
        if gone > line.budget and line.line == "notional SEN":
            yield Question(
                "beyond-notional-SEN",
                f"{pounds(gone)} is {word} against the notional SEN budget of {pounds(line.budget)}. That figure is a "
                "guide and not a limit, so this is no mistake: does the school’s budget allow for it?",
                "The notional SEN budget is a part of the core budget. What goes beyond it comes from there too.",
            )
        elif gone > line.budget:
            yield Question(
                f"over-{place}",
                f"{name}: {pounds(gone)} is {word} of {pounds(line.budget)}, {pounds(gone - line.budget)} too much. "
                "Which line pays for the rest?",
                "What is spent beyond a line comes from the core budget, and so from every pupil.",
            )
        elif gone < limits.unspent * line.budget and line.line != "notional SEN" and line.booked is not None:
            yield Question(
                f"unspent-{place}",
                f"{name}: only {pounds(gone)} of {pounds(line.budget)} is {word}. What is the rest for?",
                "Governors ask what each line did for the pupils it is there for.",
            )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def finding_of(question: Question, school: str) -> dict[str, str]:
    """What a finding says that is a question about the money, by the names of take_finding."""
    return {
        "what": question.says,
        "source": "money",
        "wherefrom": f"Money: budget, accounts and costs of the provision map ({school})",
        "area": "all",
        "group": question.group,
        "effect": "hinders",
        "within": "inside",
        "ref": f"money/{question.id}",
    }


# ------------------------------------------------------------------------------------------- the same sum, two ways


@dataclass(frozen=True)
class Assumption:
    """One figure of the comparison: what it starts from, where that comes from (a fact's id, or words)."""

    field: Number
    default: float | None
    source: str
    fact_id: str = ""


def _number(name: str, label: str, unit: str, highest: float, hint: str = "", *, whole: bool = False) -> Number:
    return Number(name=name, label=label, unit=unit, lowest=0, highest=highest, hint=hint, whole=whole)


_ASSUMED: Final = (
    _number("hours", "Training for each teacher", "hours", 100),
    _number("trainer", "The trainer, once for all", "pounds", 1_000_000),
    _number("cover_share", "Training that needs cover", "in 100 hours", 100, "0 on a training day."),
    _number("cover_rate", "An hour of cover", "pounds", 250),
    _number("coaching", "Coaching sessions for each teacher", "sessions", 100, whole=True),
    _number("coaching_minutes", "Length of a coaching session", "minutes", 240, whole=True),
    _number("coach_rate", "An hour of the coach", "pounds", 250),
    _number("teachers", "Teachers who could take part at most", "teachers", 1_000, whole=True),
    _number("pupils_each", "Pupils taught by each of them", "pupils", 1_000, whole=True),
)
_SUM: Final = _number(
    "sum", "Another sum", "pounds", 10_000_000, "Leave it empty to take what the chosen provision costs."
)


def _where_from(name: str) -> Field:
    """Where a typed figure comes from. Raises KeyError for a figure that is not asked for."""
    if name not in {field.name for field in _ASSUMED}:
        raise KeyError(name)
    return ShortText(name=f"from/{name}", label="Where your figure comes from", longest=LONGEST_TEXT)


#: The comparison of a cycle: the provision, another sum, and the figures that replace those that it starts from.
TWO_WAYS: Final = Kind(
    id="two-ways",
    one="comparison of two ways",
    several="comparisons of two ways",
    naming="provision",
    fields=(ShortText(name="provision", label="Which provision?", longest=40), _SUM, *_ASSUMED),
    patterns={"from": _where_from},
    single=True,
    place="money",
)

KINDS: tuple[Kind, ...] = (TWO_WAYS,)


def assumptions(data: ProvisionData) -> tuple[Assumption, ...]:
    """Every figure of the second way, with what it starts from: the school's own where the data has it."""
    from senco_kit.provision.planner import rates_of

    rates, own = rates_of(data), data.staff is not None
    ours = "The middle of your school’s own staff." if own else ""
    teachers, each, where = _teachers_and_classes(data)
    starts: dict[str, tuple[float | None, str, str]] = {
        "hours": (_of_fact("two-ways-training-hours"), "", "two-ways-training-hours"),
        "trainer": (_of_fact("two-ways-trainer"), "", "two-ways-trainer"),
        "cover_share": (100.0, "The kit’s own rule: all of it, the dearest case.", ""),
        "cover_rate": (round(rates["teacher"], 2), ours, "" if own else "cost-hour-teacher"),
        "coaching": (_of_fact("two-ways-coaching-sessions"), "", "two-ways-coaching-sessions"),
        "coaching_minutes": (_of_fact("two-ways-coaching-minutes"), "", "two-ways-coaching-minutes"),
        "coach_rate": (round(rates["specialist teacher"], 2), ours, "" if own else "cost-hour-teacher"),
        "teachers": (teachers, where, ""),
        "pupils_each": (each, "The average class in the data; in a secondary school a teacher has several.", ""),
    }
    return tuple(Assumption(field, *starts[field.name]) for field in _ASSUMED)


def _of_fact(fact_id: str) -> float:
    return float(str(fact(fact_id).value))


def _teachers_and_classes(data: ProvisionData) -> tuple[float | None, float | None, str]:
    """How many teachers there are, how many pupils a class has on average, and where the first comes from."""
    sizes = data.pupils["class_name"].dropna().astype("str").value_counts()
    each = float(round(sizes.mean())) if len(sizes) else None
    if data.staff is not None:
        count = int((data.staff["role"].astype("str") == "teacher").sum())
        return float(count), each, "The teachers in the data."
    return (float(len(sizes)) if len(sizes) else None), each, "One for each class in the data."


@dataclass(frozen=True)
class Targeted:
    """What the sum buys as more, or fewer, places in a provision, if a place goes on costing the same."""

    name: str
    cost_of_place: float
    places_now: int
    places: int
    left: float


@dataclass(frozen=True)
class Teaching:
    """What the sum buys as training, cover and coaching: how many teachers, and how many pupils they teach."""

    teachers: int
    cost_each: float
    cost: float
    left: float
    hours: float
    pupils: int
    with_sen: int


def sum_of(record: Record | None, provision: Mapping[str, Any] | None) -> float | None:
    """The sum that is compared: what was typed, else what the chosen provision costs with its preparation."""
    typed = record.number(_SUM.name) if record else None
    if typed is not None:
        return max(typed, 0.0)
    return _or_none(provision["cost_with_preparation"]) if provision else None


def figures(record: Record | None, assumed: Sequence[Assumption]) -> dict[str, float]:
    """The figure of each assumption: what was typed where that fits its box, else what it starts from (0 for none)."""
    found: dict[str, float] = {}
    for each in assumed:
        typed = record.number(each.field.name) if record else None
        fits = typed is not None and 0 <= typed <= (each.field.highest or math.inf)
        found[each.field.name] = typed if fits and typed is not None else each.default or 0.0
    return found


def targeted(provision: Mapping[str, Any], amount: float) -> Targeted | None:
    """What the amount buys of a provision (a row of whole_map.by_provision); None where a place has no cost."""
    cost = _or_none(provision["cost_per_pupil_with_preparation"])
    if not cost or cost <= 0:
        return None
    places = math.floor(amount / cost + 1e-9)
    return Targeted(str(provision["name"]), cost, int(provision["pupils"]), places, max(amount - places * cost, 0.0))


def teaching(amount: float, figure: Mapping[str, float], data: ProvisionData) -> Teaching:
    """What the amount buys as training and coaching by these figures.

    A teacher costs the hours of training that need cover; and for each coaching session the coach's time and as much
    cover. The trainer is paid once. The coach's preparation and training are not counted.
    """
    coached = figure["coaching"] * figure["coaching_minutes"] / 60
    covered = figure["hours"] * figure["cover_share"] / 100 + coached
    each = covered * figure["cover_rate"] + coached * figure["coach_rate"]
    afford = math.floor((amount - figure["trainer"]) / each + 1e-9) if each > 0 else int(figure["teachers"])
    teachers = max(min(afford, int(figure["teachers"])), 0) if amount >= figure["trainer"] else 0
    cost = figure["trainer"] + teachers * each if teachers else 0.0
    everyone = len(data.pupils)
    pupils = min(int(teachers * figure["pupils_each"]), everyone)
    share = float(data.pupils["SENprovision"].isin(["K", "E"]).mean()) if everyone else 0.0
    hours = teachers * (figure["hours"] + coached)
    return Teaching(teachers, each, cost, amount - cost, hours, pupils, round(pupils * share))


def two_ways_finding(amount: float, first: Targeted | None, second: Teaching, school: str) -> dict[str, str]:
    """What a finding says that is the comparison, by the names of take_finding."""
    bought = f"{first.places} places in {first.name}, or " if first else ""
    return {
        "what": (
            f"{pounds(amount)} would pay for {bought}training and coaching for {second.teachers} "
            f"{'teacher' if second.teachers == 1 else 'teachers'}, who teach about {second.pupils} pupils. What the "
            "second does for pupils is not known from the data."
        ),
        "source": "money",
        "wherefrom": f"Money: the same sum, two ways, with its assumptions ({school})",
        "area": "all",
        "group": "",
        "within": "inside",
        "ref": f"money/two-ways/{first.name if first else 'sum'}-{round(amount)}"[:200],
    }
