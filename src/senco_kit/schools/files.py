"""The tables of invented schools as pandas frames, as CSV and as Arrow; and a package folder read back into frames.

Frames hold words as categories, dates as whole days, and whole numbers that may be missing as floats. pandas and
pyarrow are imported when they are used; pandera is never needed here, so that pages open soon.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from senco_kit.schools.model import Coded, Columns, Tables

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: The file in a package's folder that says what its tables are.
DESCRIPTION = "datapackage.json"


class PackageProblem(Exception):
    """A package of tables that cannot be read or written; its text is one sentence for the reader."""


def together(schools: Sequence[Tables]) -> Tables:
    """The tables of several schools as one set, the schools one after another in the order given."""
    return {name: _one_table([school[name] for school in schools]) for name in schools[0]}


def _one_table(parts: Sequence[Columns]) -> Columns:
    return {field: _one_column([part[field] for part in parts]) for field in parts[0]}


def _one_column(parts: Sequence[Any]) -> Any:
    if not isinstance(parts[0], Coded):
        return np.concatenate(parts)
    words = parts[0].words
    # A list may name a word twice, as when two budget lines are meant for the same pupils. It becomes one word here:
    # pandas refuses such a list, and Parquet writes it with other bytes each time.
    if len(set(words)) == len(words) and all(part.words == words for part in parts):
        return Coded(np.concatenate([part.codes for part in parts]), words)
    places: dict[str, int] = {}
    for part in parts:
        for word in part.words:
            places.setdefault(word, len(places))
    return Coded(np.concatenate([_moved(part, places) for part in parts]), tuple(places))


def _moved(part: Coded, places: Mapping[str, int]) -> Any:
    """The codes of a column as places in a longer list; -1 stays -1."""
    new = np.array([*(places[word] for word in part.words), -1], dtype=np.int32)
    return new[part.codes]


def frames(tables: Tables) -> dict[str, pd.DataFrame]:
    """The tables as pandas frames."""
    import pandas as pd

    return {
        name: pd.DataFrame({field: _series(column) for field, column in table.items()})
        for name, table in tables.items()
    }


def _series(column: Any) -> Any:
    import pandas as pd

    if isinstance(column, Coded):
        one = _one_column([column])
        return pd.Categorical.from_codes(one.codes, pd.Index(one.words, dtype="str"))
    if column.dtype.kind == "M":
        return pd.Series(column.astype("datetime64[s]"))
    return pd.Series(column)


def csv_text(table: Columns, *, header: bool = True) -> str:
    """A table as CSV: commas, lines end with a newline, no value is an empty cell, whole numbers have no point.

    Truth values are `true` and `false`, dates YYYY-MM-DD.
    """
    lines = map(",".join, zip(*(_cells(column) for column in table.values()), strict=True))
    first = [",".join(table)] if header else []
    return "".join(f"{line}\n" for line in [*first, *lines])


def _cells(column: Any) -> Iterable[str]:
    if isinstance(column, Coded):
        words = np.array([*(_quoted(word) for word in column.words), ""], dtype=object)
        return words[column.codes].tolist()  # type: ignore[no-any-return]
    if column.dtype.kind == "f":
        return [_plain_number(value) for value in column.tolist()]
    if column.dtype.kind == "b":
        return ["true" if value else "false" for value in column.tolist()]
    if column.dtype.kind == "M":
        return ["" if value == "NaT" else value for value in column.astype("datetime64[D]").astype(str).tolist()]
    return map(str, column.tolist())


def _plain_number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"' if any(sign in word for sign in ',"\r\n') else word


def arrow(table: Columns, types: Mapping[str, str]) -> pa.Table:
    """A table for Arrow and Parquet; `types` are the fields' types in the words of the Data Package standard."""
    import pyarrow as pa

    return pa.table({field: _arrow_column(column, types[field]) for field, column in table.items()})


def _arrow_column(column: Any, kind: str) -> Any:
    import pyarrow as pa

    if isinstance(column, Coded):
        places = pa.array(column.codes.astype(np.int32), mask=column.codes < 0)
        return pa.DictionaryArray.from_arrays(places, pa.array(column.words, pa.string()))
    if kind == "date":
        return pa.array(column.astype("datetime64[D]"))
    if kind == "integer" and column.dtype.kind == "f":
        missing = np.isnan(column)
        return pa.array(np.where(missing, 0, column).astype(np.int64), mask=missing)
    if column.dtype.kind == "f":
        return pa.array(column, mask=np.isnan(column))
    return pa.array(column)


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of the package in a folder, by name; raises PackageProblem with what is missing or broken, and where.

    Which files there are and what their fields hold is told by the folder's datapackage.json.
    """
    return {resource["name"]: _read_resource(folder, resource) for resource in _resources(folder)}


def _resources(folder: Path) -> list[dict[str, Any]]:
    path = folder / DESCRIPTION
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        resources: list[dict[str, Any]] = described["resources"]
        for resource in resources:
            _ = resource["name"], resource["path"], [(field["name"], field["type"]) for field in _fields(resource)]
    except OSError as problem:
        raise PackageProblem(
            f"{path} cannot be read, so there is no telling what the tables are: {_why(problem)}."
        ) from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise PackageProblem(f"{path} is broken: make the package again with `senco school make`.") from problem
    return resources


def _fields(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = resource["schema"]["fields"]
    return fields


def _read_resource(folder: Path, resource: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    paths = [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
    files = [_inside(folder, path) for path in paths]
    try:
        if resource.get("format") == "parquet":
            frame = _read_parquet(files)
        else:
            frame = (
                pd.concat([_read_csv(file, _fields(resource)) for file in files])
                if len(files) > 1
                else _read_csv(files[0], _fields(resource))
            )
        return _typed(frame, _fields(resource))
    except OSError as problem:
        raise PackageProblem(f"The table {resource['name']} in {folder} cannot be read: {_why(problem)}.") from problem
    except (ValueError, KeyError, TypeError) as problem:
        says = str(problem).splitlines()[0] if str(problem) else "it cannot be read"
        raise PackageProblem(f"The table {resource['name']} in {folder} is broken: {says.rstrip('.')}.") from problem


def _inside(folder: Path, path: str) -> Path:
    """A file of the package. A path that leads out of its folder is refused, as the Data Package standard asks."""
    if path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/"):
        raise PackageProblem(f"{folder / DESCRIPTION} names a file outside its folder, {path}, which is not read.")
    return folder / path


def _why(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()


def _read_csv(file: Path, fields: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    dtypes = {"integer": "int64", "number": "float64", "boolean": "bool", "string": "str", "date": "str"}
    wanted = [field["name"] for field in fields]
    frame = pd.read_csv(
        file,
        dtype={f["name"]: "float64" if _is_gappy_whole(f) else dtypes[f["type"]] for f in fields},
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
    )
    if list(frame.columns) != wanted:
        raise ValueError(f"its columns should be {', '.join(wanted)}")
    return frame


def _is_gappy_whole(field: Mapping[str, Any]) -> bool:
    return field["type"] == "integer" and not field.get("constraints", {}).get("required")


def _read_parquet(files: Sequence[Path]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = [pq.ParquetFile(file, memory_map=True).read() for file in files]
    frame: pd.DataFrame = pa.concat_tables(parts).unify_dictionaries().to_pandas(date_as_object=False)
    return frame


def _typed(frame: pd.DataFrame, fields: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The frame with dates as days and with each list of codes complete and in its order."""
    import pandas as pd

    for field in fields:
        name, column = field["name"], frame[field["name"]]
        if field["type"] == "date":
            frame[name] = pd.to_datetime(column, format="%Y-%m-%d").astype("datetime64[s]")
        elif field["type"] == "string":
            words = field.get("constraints", {}).get("enum")
            frame[name] = _of_list(name, column, words) if words else column.astype("category")
    return frame


def _of_list(name: str, column: pd.Series[Any], words: Sequence[str]) -> pd.Series[Any]:
    column = column.astype("category")
    unknown = set(column.cat.categories) - set(words)
    if unknown:
        raise ValueError(f"{name} holds '{min(unknown)}', which is not one of {', '.join(words)}")
    return column.cat.set_categories(list(words))
