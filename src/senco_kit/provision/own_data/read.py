"""A school's own data, from the uploaded file to the provision map's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from senco_kit.provision import cost
from senco_kit.provision.data import ProvisionData
from senco_kit.provision.own_data.cells import Answer, same
from senco_kit.provision.own_data.check import Checked, check, planned_sessions
from senco_kit.provision.own_data.columns import (
    BUDGET,
    OTHER_SCORES,
    PROVISIONS,
    PUPILS,
    SHEETS,
    TESTS,
    WHO_GETS_WHAT,
    SheetPlan,
)
from senco_kit.provision.own_data.csv_files import read_csv_files
from senco_kit.provision.own_data.excel import read_workbook
from senco_kit.provision.own_data.files import is_workbook, open_zip
from senco_kit.provision.own_data.mistakes import Found
from senco_kit.schools import codes

#: The number that stands for the user's school in the tables.
SCHOOL_ID = 1
#: Own data has one stretch of time, from entry to exit. The map only asks that provisions and scores have the same.
FIRST_TERM, LAST_TERM = "autumn", "summer"

_ROLES = list(codes.STAFF_ROLES)


def read(data: bytes, file_name: str) -> ProvisionData:
    """The provision map's data from an uploaded workbook or zip of CSV files, as made by the template.

    Everything happens in memory. Raises `Mistakes` with every mistake at once, and nothing else, whatever the file is.
    Columns besides those of `ProvisionData`: pupils and provisions have `code`, the user's own. What the file does not
    hold is missing: NaN, or None for a whole table; without scores there is no impact to work out.
    """
    found = Found()
    opened = open_zip(data, file_name)
    with opened:
        grids = read_workbook(data, opened, found) if is_workbook(opened) else read_csv_files(opened, found)
    checked = check(grids, found)
    found.stop_if_any([plan.name for plan in SHEETS])
    return _tables(checked, cost.planning_rates())


def _tables(checked: dict[str, Checked], rates: dict[str, float]) -> ProvisionData:
    pupils = _pupils(checked[PUPILS.name])
    provisions = _provisions(checked[PROVISIONS.name], rates)
    enrolments = _enrolments(checked[WHO_GETS_WHAT.name], checked[PROVISIONS.name], pupils, provisions)
    tests = checked[TESTS.name].rows
    return ProvisionData(
        pupils=pupils,
        provisions=provisions,
        enrolments=enrolments,
        scores=_scores(checked[OTHER_SCORES.name], pupils, provisions, enrolments),
        budget=_budget(checked[BUDGET.name]),
        standard_errors={str(row["measure"]): float(str(row["standard_error"])) for row in tests},
        invented=False,
        name="Your school's data",
    )


def _column(rows: Sequence[dict[str, Answer | None]], name: str, plan: SheetPlan) -> Any:
    """One column of answers as pandas holds it: text, numbers or days, with what is missing as NaN or NaT."""
    values = [row[name] for row in rows]
    kind = type(plan.column(name).kind).__name__
    if kind == "Number":
        return pd.array([float("nan") if value is None else value for value in values], dtype="float64")
    if kind == "Day":
        return pd.to_datetime(pd.Series(values, dtype=object)).astype("datetime64[s]")
    return pd.Series(values, dtype="str")


def _table(checked: Checked, names: Sequence[str]) -> pd.DataFrame:
    columns = {name: _column(checked.rows, name, checked.plan) for name in names}
    return pd.DataFrame({"school_id": SCHOOL_ID, **columns}, index=pd.RangeIndex(len(checked.rows)))


def _pupils(checked: Checked) -> pd.DataFrame:
    names = ["pupil", "year_group", "SENprovision", "SENtype", "class_name", "FSMeligible"]
    pupils = _table(checked, names).rename(columns={"pupil": "code"})
    pupils["FSMeligible"] = pupils["FSMeligible"].map({"yes": True, "no": False})
    pupils["area"] = pd.array(
        [codes.SEN_TYPE_AREAS.get(need) if isinstance(need, str) else None for need in pupils["SENtype"]], dtype="str"
    )
    pupils["attendance"] = float("nan")
    pupils.insert(1, "pupil_id", range(1, len(pupils) + 1))
    return pupils


def _provisions(checked: Checked, rates: dict[str, float]) -> pd.DataFrame:
    provisions = _table(checked, [column.name for column in PROVISIONS.columns]).rename(columns={"provision": "code"})
    provisions.insert(1, "provision_id", range(1, len(provisions) + 1))
    provisions["rate_is_ours"] = provisions["hourly_cost"].isna()
    provisions["hourly_cost"] = provisions["hourly_cost"].fillna(provisions["role"].map(rates).astype(float))
    provisions["staff_id"] = [_ROLES.index(role) + 1 for role in provisions["role"]]
    for name in ("preparation_minutes", "resources_per_pupil"):
        provisions[name] = provisions[name].fillna(0.0)
    for name in ("group_size", "minutes", "weeks", "preparation_minutes"):
        provisions[name] = provisions[name].astype("int64")
    provisions["first_term"], provisions["last_term"] = FIRST_TERM, LAST_TERM
    provisions["start_date"] = provisions["end_date"] = pd.Series(pd.NaT, index=provisions.index, dtype="datetime64[s]")
    return provisions


def _enrolments(
    checked: Checked, provision_rows: Checked, pupils: pd.DataFrame, provisions: pd.DataFrame
) -> pd.DataFrame:
    names = ["planned_sessions", "delivered_sessions", "entry_date", "entry_score", "exit_date", "exit_score"]
    enrolments = _table(checked, names)
    enrolments.insert(1, "enrolment_id", range(1, len(enrolments) + 1))
    enrolments.insert(2, "provision_id", _ids(checked, "provision", provisions, "provision_id"))
    enrolments.insert(3, "pupil_id", _ids(checked, "pupil", pupils, "pupil_id"))
    enrolments.insert(4, "group", float("nan"))
    usual = [planned_sessions(row) for row in provision_rows.rows]
    enrolments["planned_sessions"] = enrolments["planned_sessions"].fillna(
        enrolments["provision_id"].map(dict(enumerate(usual, 1))).astype(float)
    )
    enrolments["planned_sessions"] = enrolments["planned_sessions"].astype("int64")
    return enrolments


def _ids(checked: Checked, name: str, table: pd.DataFrame, id_name: str) -> list[int]:
    """The number of the pupil or provision that each row names by the user's code."""
    numbers = {same(code): int(number) for code, number in zip(table["code"], table[id_name], strict=True)}
    return [numbers[same(str(row[name]))] for row in checked.rows]


def _scores(
    others: Checked, pupils: pd.DataFrame, provisions: pd.DataFrame, enrolments: pd.DataFrame
) -> pd.DataFrame | None:
    """Everyone's paired scores, one row a pupil and measure: the comparison scores and those of pupils in provision."""
    columns = ["school_id", "pupil_id", "measure", "entry_score", "exit_score"]
    compared = _table(others, ["measure", "entry_score", "exit_score"])
    compared["pupil_id"] = pd.array(_ids(others, "pupil", pupils, "pupil_id"), dtype="int64")
    in_provision = enrolments.merge(provisions[["provision_id", "measure"]], on="provision_id")
    both = pd.concat([compared[columns], in_provision[columns]], ignore_index=True).dropna()
    both = both.drop_duplicates(["pupil_id", "measure"], ignore_index=True)
    if both.empty:
        return None
    # The mean of the pupil's entry scores on the other measures.
    of_pupil = both.groupby("pupil_id")["entry_score"]
    count = of_pupil.transform("size") - 1
    both["other_entry"] = (of_pupil.transform("sum") - both["entry_score"]).div(count.where(count > 0))
    both.insert(3, "first_term", FIRST_TERM)
    both.insert(4, "last_term", LAST_TERM)
    return both


def _budget(checked: Checked) -> pd.DataFrame | None:
    if not checked.rows:
        return None
    return _table(checked, ["funding_line", "amount"]).assign(meant_for="")
