"""Who is compared with whom: the pupils of each provision, and pupils like them who were not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.provision.data import AREAS, TERMS, YEAR_GROUPS, ProvisionData

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

#: The windows a provision can run in, as places in TERMS: entry test and exit test.
WINDOWS: Final = ((0, 1), (1, 2), (0, 2))


@dataclass(frozen=True)
class Pairs:
    """One row for each pupil in each provision, by provision: their places in the tables, and the scores (NaN if
    none)."""

    provision: Places
    pupil: Places
    entry: Floats
    leave: Floats

    @property
    def both(self) -> Bools:
        """Which have an entry and an exit score."""
        return ~np.isnan(self.entry) & ~np.isnan(self.leave)


@dataclass(frozen=True)
class Rows:
    """The rows of a batch of comparisons. `number` is the provision's place in the batch, `provision` in the table."""

    number: Places
    provision: Places
    pupil: Places
    treated: Bools
    entry: Floats
    leave: Floats
    other_entry: Floats
    earlier: Floats

    def take(self, kept: Bools | Places) -> Rows:
        """Some of the rows."""
        return Rows(*(getattr(self, column.name)[kept] for column in fields(self)))


def paired(data: ProvisionData) -> Pairs:
    """The enrolments whose provision and pupil are known, sorted; a pupil twice in one provision counts once."""
    rows = data.enrolments
    provision = pd.Index(data.provisions["provision_id"]).get_indexer(rows["provision_id"])
    pupil = pd.Index(data.pupils["pupil_id"]).get_indexer(rows["pupil_id"])
    key = np.where((provision >= 0) & (pupil >= 0), provision * np.int64(len(data.pupils)) + pupil, -1)
    values, first = np.unique(key, return_index=True)
    first = first[values >= 0]
    entry, leave = (rows[name].to_numpy(float, na_value=np.nan)[first] for name in ("entry_score", "exit_score"))
    return Pairs(provision[first], pupil[first], entry, leave)


class Pool:
    """Everyone's paired scores, sorted so that the pupils who could be compared with a provision's lie side by side."""

    def __init__(self, data: ProvisionData, pairs: Pairs) -> None:
        self.pairs = pairs
        scores = data.scores
        assert scores is not None
        pupil = pd.Index(data.pupils["pupil_id"]).get_indexer(scores["pupil_id"])
        entry, leave = (scores[name].to_numpy(float, na_value=np.nan) for name in ("entry_score", "exit_score"))
        good = np.flatnonzero((pupil >= 0) & ~np.isnan(entry) & ~np.isnan(leave))
        measures = pd.Index(data.provisions["measure"].dropna().unique().astype(str))
        self.measures = len(measures)
        schools = pd.Index(data.pupils["school_id"].unique())
        self.measure, self.window, group = _groups(data.provisions, measures, schools)
        score_group = _groups(scores, measures, schools)[2]
        order = good[np.lexsort((pupil[good], score_group[good]))]
        self.group = score_group[order]
        self.pupil, self.entry, self.leave = pupil[order], entry[order], leave[order]
        self.other_entry = _number(scores, "other_entry", np.nan)[order]
        self.earlier = _number(scores, "earlier_score", np.nan)[order]
        self.left, self.right = (np.searchsorted(self.group, group, side) for side in ("left", "right"))
        self.left = np.where(group < 0, self.right, self.left)
        people = np.int64(len(data.pupils))
        mine = group[pairs.provision] * people + pairs.pupil
        place = np.searchsorted(self.group * people + self.pupil, mine)
        inside = np.minimum(place, len(self.pupil) - 1)
        same = (self.group[inside] == group[pairs.provision]) & (self.pupil[inside] == pairs.pupil)
        #: Where each pair stands in the pool; -1 where it does not.
        self.place = np.where(same & (place < len(self.pupil)), place, -1)
        self._first_pair = np.searchsorted(pairs.provision, np.arange(len(data.provisions) + 1))

    def batches(self, provisions: Places, rows: int) -> Iterator[Places]:
        """The provisions in batches of about so many rows."""
        size = np.cumsum((self.right - self.left)[provisions])
        for batch in np.split(provisions, np.flatnonzero(np.diff(size // rows)) + 1):
            if len(batch):
                yield batch

    def rows(self, batch: Places) -> Rows:
        """Everyone who could be compared in these provisions, treated pupils (with both scores) included."""
        pool_number, place = _spread(self.left[batch], self.right[batch])
        pair_number, pair = _spread(self._first_pair[batch], self._first_pair[batch + 1])
        starts = np.cumsum(np.r_[0, (self.right - self.left)[batch]])[:-1]
        mine = self.place[pair]
        in_pool = mine >= 0
        free = np.ones(len(place), bool)
        free[(starts[pair_number] + mine - self.left[batch][pair_number])[in_pool]] = False
        pool_number, place = pool_number[free], place[free]
        both = self.pairs.both[pair]
        pair_number, pair, mine, in_pool = pair_number[both], pair[both], mine[both], in_pool[both]
        number = np.r_[pair_number, pool_number]
        return Rows(
            number=number,
            provision=batch[number],
            pupil=np.r_[self.pairs.pupil[pair], self.pupil[place]],
            treated=np.r_[np.ones(len(pair), bool), np.zeros(len(place), bool)],
            entry=np.r_[self.pairs.entry[pair], self.entry[place]],
            leave=np.r_[self.pairs.leave[pair], self.leave[place]],
            other_entry=np.r_[np.where(in_pool, self.other_entry[mine], np.nan), self.other_entry[place]],
            earlier=np.r_[np.where(in_pool, self.earlier[mine], np.nan), self.earlier[place]],
        )


def _groups(table: pd.DataFrame, measures: pd.Index[Any], schools: pd.Index[Any]) -> tuple[Places, Places, Places]:
    """The measure, window and group (school, measure and window) of each row as numbers, -1 where there is none."""
    measure = _codes(table["measure"], measures)
    first, last = (_codes(table[name], pd.Index(TERMS)) for name in ("first_term", "last_term"))
    windows = np.full((len(TERMS) + 1, len(TERMS) + 1), -1)
    for number, (start, end) in enumerate(WINDOWS):
        windows[start, end] = number
    window = windows[first, last]
    school = schools.get_indexer(pd.Index(table["school_id"]))
    group = (school * len(measures) + measure) * len(WINDOWS) + window
    return measure, window, np.where((measure >= 0) & (window >= 0) & (school >= 0), group, -1)


def _codes(column: pd.Series[Any], words: pd.Index[Any]) -> Places:
    """The place of each value in a list of words, -1 where it is not in it; quick where the column is categorical."""
    values = pd.Categorical(column)
    places = np.r_[words.get_indexer(values.categories.astype(str)), -1]
    found: Places = places[values.codes]
    return found


def _spread(left: Places, right: Places) -> tuple[Places, Places]:
    """The numbers of several ranges one after another, and which range each is from."""
    length = right - left
    number = np.repeat(np.arange(len(left)), length)
    return number, np.arange(len(number)) - np.repeat(np.cumsum(length) - length, length) + np.repeat(left, length)


class About:
    """What is known of the pupils beside their scores, as numbers."""

    def __init__(self, data: ProvisionData, pairs: Pairs, pool: Pool) -> None:
        pupils = data.pupils
        self.year = _codes(pupils["year_group"], pd.Index(YEAR_GROUPS))
        sen = _codes(pupils["SENprovision"], pd.Index(["K", "E"]))
        self.support, self.plan = (sen == 0).astype(float), (sen == 1).astype(float)
        self.poor = _number(pupils, "FSMeligible", 0.0)
        areas = pd.Index(AREAS)
        nowhere = pd.Series(None, index=pupils.index, dtype=object)
        self._area = _codes(pupils.get("area", nowhere), areas)
        self._provision_area = _codes(data.provisions["area"], areas) if "area" in data.provisions else None
        self.attendance = _number(pupils, "attendance", np.nan)
        labels = (
            pd.Categorical(pupils["class_name"]) if "class_name" in pupils else pd.Categorical([None] * len(pupils))
        )
        school = pd.factorize(pupils["school_id"])[0]
        self.classes = len(labels.categories) + 1
        #: A number for each class of each school; -1 where the pupil has none.
        self.school_class = np.where(labels.codes >= 0, school * np.int64(self.classes) + labels.codes, -1)
        self._measures = pool.measures
        self._taken = _taken(pairs, pool, len(pupils))

    def in_another(self, rows: Rows, pool: Pool) -> Floats:
        """1 for pupils who in the same window were in another provision on the same measure, else 0."""
        cell = rows.pupil * self._measures + pool.measure[rows.provision]
        number = self._taken[pool.window[rows.provision], cell] - rows.treated
        there: Floats = (number > 0).astype(float)
        return there

    def has_need(self, rows: Rows) -> Floats:
        """1 for pupils whose primary need lies in the area of the provision, else 0."""
        if self._provision_area is None:
            return np.zeros(len(rows.pupil))
        area = self._area[rows.pupil]
        same: Floats = ((area >= 0) & (area == self._provision_area[rows.provision])).astype(float)
        return same


def _number(table: pd.DataFrame, name: str, missing: float) -> Floats:
    """A column as floats, `missing` where it has no value or the table has no such column."""
    if name not in table:
        return np.full(len(table), missing)
    if table[name].dtype == bool or table[name].dtype.kind in "if":
        values = table[name].to_numpy(float)
    else:
        values = table[name].astype("Float64").to_numpy(float, na_value=np.nan)
    return np.where(np.isnan(values), missing, values)


def _taken(pairs: Pairs, pool: Pool, pupils: int) -> npt.NDArray[np.int16]:
    """How many provisions each pupil has on each measure that overlap with each window: (windows, pupils x
    measures)."""
    cells = pupils * pool.measures
    cell = pairs.pupil * pool.measures + pool.measure[pairs.provision]
    window = np.where(pool.measure[pairs.provision] >= 0, pool.window[pairs.provision], -1)
    counts = [np.bincount(cell[window == number], minlength=cells).astype(np.int16) for number in range(len(WINDOWS))]
    overlaps = [[a < d and c < b for c, d in WINDOWS] for a, b in WINDOWS]
    return np.stack([sum((counts[j] for j in range(len(WINDOWS)) if row[j]), np.int16(0)) for row in overlaps])
