"""Answers of the small module."""

from senco_kit.course.exercise import Bar, Bars, ExerciseSchool, Row, Table


def with_support(school: ExerciseSchool) -> float:
    return float((school.tables["pupils"]["SENprovision"].astype(str) == "K").sum())


def all_pupils(school: ExerciseSchool) -> float:
    return float(len(school.tables["pupils"]))


def pupils_by_support(school: ExerciseSchool) -> Bars:
    counts = school.tables["pupils"]["SENprovision"].astype(str).value_counts()
    bars = tuple(Bar(code, float(100 * counts[code] / counts.sum())) for code in ("N", "K", "E"))
    return Bars("Pupils by SEN provision, invented school", bars, "per cent of pupils", "Most pupils have no SEN.")


def some_pupils(school: ExerciseSchool) -> Table:
    chosen = school.tables["pupils"].iloc[:400:25]
    rows = tuple(
        Row(str(number), (str(number), f"Year {year}", str(code)))
        for number, year, code in zip(
            chosen["pupil_id"], chosen["NCyearActual"], chosen["SENprovision"].astype(str), strict=True
        )
    )
    marked = tuple(Row(row.id, (*row.cells[:2], "K" if place % 3 == 0 else "N")) for place, row in enumerate(rows))
    return Table("Some pupils, invented", ("Pupil", "Year", "SEN provision"), marked)


def some_with_support(school: ExerciseSchool) -> list[str]:
    return [row.id for row in some_pupils(school).rows if row.cells[2] == "K"]


def some_without(school: ExerciseSchool) -> list[str]:
    return [row.id for row in some_pupils(school).rows if row.cells[2] == "N"]


def least_for_reading(school: ExerciseSchool) -> float:
    return 600.0 if school.phase == "primary" else 500.0
