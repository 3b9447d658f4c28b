"""What can be planted in an invented school: the kinds, which school gets which, and how truth.json tells it.

A truth is planted only where it suits the phase and where the school is large enough for a careful reader to find it
in the data. The parts that plant them are cohort.py (who is identified, absence, teaching), provisions.py (what works,
what it costs), staffing.py (adults and training) and money.py (budget lines).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from senco_kit.schools.model import Order, Plan, Truth

#: What each kind of truth means, in a sentence for the person who marks the exercise.
KINDS: dict[str, str] = {
    "does-nothing": "A provision that is given as planned and changes nothing.",
    "under-delivered": "A provision that works where it is given, but most of its sessions did not happen.",
    "chosen-on-low-score": "Pupils chosen for one low score, who improve because a low score is partly bad luck.",
    "under-identified": "A group whose needs are recorded less often than they are there.",
    "over-identified": "A group recorded with SEN more often than its needs justify.",
    "absence-explains": "Low attainment that absence explains.",
    "teaching-not-pupils": "A class with many interventions whose slow progress points to teaching, not to its pupils.",
    "attached-adult": "An adult timetabled with one pupil all day, every day.",
    "training-gap": "A common need for which nobody is trained beyond awareness, while rarer needs have training.",
    "cost-outlier": "A provision that costs several times as much a pupil as others of its kind and does no more.",
    "wrong-group": "A budget line spent mostly on another group than the one it is meant for.",
    "effect": "The true effect of one provision; there is one of these for every provision.",
}

#: The groups that a school may record too seldom or too often.
GROUPS = ("girls with autism", "summer-born pupils", "pupils with EAL", "girls with SEMH", "autumn-born pupils")

#: Which groups can be under-identified. Autumn-born pupils are the oldest in their year, so that a need shows less
#: beside their classmates; the needs of girls and of pupils with EAL are put down to something else.
UNDER_IDENTIFIED = ("girls with autism", "pupils with EAL", "girls with SEMH", "autumn-born pupils")

#: Which groups can be over-identified: the youngest in their year, and pupils who are still learning English.
OVER_IDENTIFIED = ("summer-born pupils", "pupils with EAL")

#: How often a truth that suits a school is planted there.
CHANCE = 0.75

#: The fewest pupils with which a truth can be planted so that it can be found: (mainstream, special). None: never.
#: In a special school every pupil has an EHC plan, classes are small and most adults work with one or two pupils, so
#: identification, the lone class, pupils without SEN and the attached adult say nothing there.
SMALLEST: dict[str, tuple[int, int | None]] = {
    "under-identified": (300, None),
    "over-identified": (300, None),
    "absence-explains": (150, None),
    "teaching-not-pupils": (150, None),
    "does-nothing": (200, 110),
    "under-delivered": (200, 110),
    "chosen-on-low-score": (200, None),
    "attached-adult": (30, None),
    "training-gap": (100, 60),
    "cost-outlier": (150, 90),
    "wrong-group": (60, 60),
}

PlantedKind = Literal[
    "under-identified",
    "over-identified",
    "absence-explains",
    "teaching-not-pupils",
    "does-nothing",
    "under-delivered",
    "chosen-on-low-score",
    "attached-adult",
    "training-gap",
    "cost-outlier",
    "wrong-group",
]


def suits(kind: PlantedKind, order: Order) -> bool:
    """Whether a truth of this kind can be planted in a school of this phase and size."""
    mainstream, special = SMALLEST[kind]
    smallest = special if order.phase == "special" else mainstream
    return smallest is not None and order.pupils >= smallest


def draw_plan(order: Order, *, every_truth: bool = False) -> Plan:
    """Decide which truths this school gets: each that suits it with a chance of CHANCE, or all with `every_truth`.

    Which group, class and year is drawn too, and does not depend on `every_truth`. The group that is over-identified
    is never the one that is under-identified, nor its mirror image (autumn-born beside summer-born).
    """
    draw = order.stream("plan")
    luck = dict(zip(SMALLEST, draw.random(len(SMALLEST)), strict=True))
    places = draw.random(4)

    def planted(kind: PlantedKind) -> bool:
        return suits(kind, order) and (every_truth or bool(luck[kind] < CHANCE))

    under = _one_of(UNDER_IDENTIFIED, places[0])
    over = _one_of(OVER_IDENTIFIED, places[1])
    if under == "pupils with EAL":
        over = "summer-born pupils"
    elif under == "autumn-born pupils":
        over = "pupils with EAL"
    return Plan(
        under_identified=under if planted("under-identified") else None,
        over_identified=over if planted("over-identified") else None,
        absence_explains=float(places[2]) if planted("absence-explains") else None,
        teaching_not_pupils=float(places[3]) if planted("teaching-not-pupils") else None,
        does_nothing=planted("does-nothing"),
        under_delivered=planted("under-delivered"),
        chosen_on_low_score=planted("chosen-on-low-score"),
        attached_adult=planted("attached-adult"),
        training_gap=planted("training-gap"),
        cost_outlier=planted("cost-outlier"),
        wrong_group=planted("wrong-group"),
    )


def truth_json(truths: tuple[Truth, ...] | list[Truth]) -> list[dict[str, Any]]:
    """The truths as plain lists, numbers and words for truth.json, in the order of KINDS and then as planted.

    Figures with a fraction are rounded to four places, so that the file is the same on every machine.
    """
    places = list(KINDS)
    return [
        {
            "kind": truth.kind,
            "means": KINDS[truth.kind],
            "says": truth.says,
            "about": {name: _plain(value) for name, value in truth.about.items()},
            "rows": {table: [_plain(row) for row in rows] for table, rows in truth.rows.items()},
        }
        for truth in sorted(truths, key=lambda truth: places.index(truth.kind))
    ]


def _one_of(names: tuple[str, ...], place: float) -> str:
    return names[int(place * len(names))]


def _plain(value: Any) -> int | float | str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, np.integer, np.bool_)):
        return int(value)
    number = round(float(value), 4)
    return number if np.isfinite(number) else str(number)
