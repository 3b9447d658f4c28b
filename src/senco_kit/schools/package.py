"""Data packages of invented schools: their description, and the three that come with the kit in datasets/.

The description follows the Data Package standard, version 1, tabular profile. A kit package holds no truths: order_of
gives the order from which a page can make the school again, truths and all.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from senco_kit import __version__
from senco_kit.places import KIT
from senco_kit.schools import files
from senco_kit.schools.files import DESCRIPTION, PackageProblem
from senco_kit.schools.model import Order

#: Where the kit's own packages are.
DATASETS = KIT / "datasets"

#: The packages in datasets/. Every truth that suits the phase is planted in them, so that the exercises find theirs.
PACKAGES: dict[str, Order] = {
    "primary-420": Order("primary", 420, seed=2026),
    "secondary-1050": Order("secondary", 1050, seed=2026),
    "special-120": Order("special", 120, seed=2026),
}

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}

INVENTED = (
    "INVENTED: no school, pupil, parent or adult in it exists. It was made by a program from published figures and "
    "random numbers, for learning and for trying things out. Never read it as data about a real school."
)


@dataclass(frozen=True)
class Contents:
    """What a package holds: its name and title, the command that makes it, and each table's files."""

    name: str
    title: str
    command: str
    paths: Mapping[str, Sequence[str]]
    parquet: bool = False


def order_of(name: str) -> Order:
    """The order of a package in datasets/; make_school(order, every_truth=True) makes its school again.

    Raises PackageProblem for a name that is not one of PACKAGES.
    """
    if name not in PACKAGES:
        raise PackageProblem(f"There is no package '{name}' in datasets/: the packages are {', '.join(PACKAGES)}.")
    return PACKAGES[name]


def download(name: str) -> bytes:
    """A package of datasets/ as a zip file, its files in a folder that says INVENTED; the same bytes each time.

    Raises PackageProblem for an unknown name, or when the package's files are not there.
    """
    order_of(name)
    folder = DATASETS / name
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        held = {path.name: path.read_bytes() for path in paths}
    except OSError as problem:
        raise PackageProblem(f"{folder} cannot be read: run `senco build` to make it again.") from problem
    if DESCRIPTION not in held:
        raise PackageProblem(f"{folder} is not complete: run `senco build` to make it again.")
    return _zipped(f"INVENTED-{name}", held)


def download_made(order: Order) -> bytes:
    """A school made just now as a zip file, like `download`; which truths are in it is what its seed decides."""
    name = f"invented-{order.phase}-{order.pupils}-seed-{order.seed}"
    texts = _texts(name, order, every_truth=False)
    return _zipped(name.replace("invented", "INVENTED"), {path: text.encode() for path, text in sorted(texts.items())})


def _zipped(folder: str, files_in_it: Mapping[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file_name, data in files_in_it.items():
            entry = zipfile.ZipInfo(f"{folder}/{file_name}")  # dated 1980, so that no clock is in the bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return into.getvalue()


def describe(contents: Contents) -> str:
    """The text of datapackage.json: every field with its type, unit, codes and meaning."""
    from senco_kit.schools.schema import TABLES

    described = {
        "profile": "data-package" if contents.parquet else "tabular-data-package",
        "name": contents.name,
        "title": contents.title,
        "description": INVENTED,
        "version": __version__,
        "keywords": ["invented", "SEND", "special educational needs", "school", "England"],
        "licenses": [LICENCE],
        "contributors": [{"title": "SENCO Course Kit contributors", "role": "author"}],
        "sources": [{"title": f"How it was made: `{contents.command}` with SENCO Course Kit {__version__}"}],
        "resources": [_resource(name, TABLES[name], paths, contents.parquet) for name, paths in contents.paths.items()],
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _resource(name: str, schema: Any, paths: Sequence[str], parquet: bool) -> dict[str, Any]:
    from senco_kit.schools.schema import key_of, links_of

    kind = (
        {"profile": "data-resource", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        if parquet
        else {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    )
    table: dict[str, Any] = {
        "fields": [_field(field, column) for field, column in schema.columns.items()],
        "missingValues": [""],
    }
    if key_of(schema):
        table["primaryKey"] = list(key_of(schema))
    table["foreignKeys"] = [
        {"fields": link.field, "reference": {"resource": link.table, "fields": link.field}} for link in links_of(schema)
    ]
    return {
        "name": name,
        "title": f"INVENTED: {schema.title}",
        "description": schema.description,
        "path": list(paths) if parquet else paths[0],
        **kind,
        "licenses": [LICENCE],
        "schema": table,
    }


def _field(name: str, column: Any) -> dict[str, Any]:
    """A field as the standard writes it; `unit` and `categories` (each code with its meaning) are beside its own."""
    about = column.metadata
    field: dict[str, Any] = {"name": name, "type": about["type"], "description": column.description}
    if about["type"] == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if "unit" in about:
        field["unit"] = about["unit"]
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    constraints |= {limit: about[limit] for limit in ("minimum", "maximum") if limit in about}
    if "codes" in about:
        constraints["enum"] = list(about["codes"])
        field["categories"] = [{"value": code, "label": means} for code, means in about["codes"].items()]
    return field | {"constraints": constraints} if constraints else field


def readme(contents: Contents) -> str:
    """The text of the README.md of a package."""
    from senco_kit.schools.schema import TABLES

    lines = [
        f"# {contents.title}",
        "",
        f"**{INVENTED}**",
        "",
        f"Made with SENCO Course Kit {__version__} by",
        "",
        f"    {contents.command}",
        "",
        f"Licence: {LICENCE['title']} ({LICENCE['name']}). Every field, its unit and its codes are described in",
        f"`{DESCRIPTION}`, which follows the Data Package standard.",
        "There are no names, no unique pupil numbers, no dates of birth and no ethnicity: no exercise needs them.",
        "",
        "| File | What it holds |",
        "| --- | --- |",
        *(f"| {_shown(paths)} | {TABLES[name].description} |" for name, paths in contents.paths.items()),
    ]
    return "\n".join(lines) + "\n"


def _shown(paths: Sequence[str]) -> str:
    return f"`{paths[0]}`" if len(paths) == 1 else f"`{paths[0]}` and {len(paths) - 1} more"


def dictionary() -> str:
    """The data dictionary of all tables, for datasets/DICTIONARY.md."""
    from senco_kit.schools.schema import TABLES

    lines = [
        "# Data dictionary of the invented schools",
        "",
        "Built from `src/senco_kit/schools/schema.py` by `senco build`: change it there, not here.",
        "",
        f"**{INVENTED}**",
        "",
        "Names such as `NCyearActual` and `SENprovision`, and their codes, are the school census' own.",
        "A date is written 2026-01-15, yes and no are `true` and `false`, and an empty cell means: no value.",
    ]
    for name, schema in TABLES.items():
        lines += ["", *_table_entry(name, schema)]
    return "\n".join(lines) + "\n"


def _table_entry(name: str, schema: Any) -> Iterator[str]:
    from senco_kit.schools.schema import key_of

    yield f"## {name}: {schema.title}"
    yield ""
    yield schema.description
    if key_of(schema):
        yield f"Rows are told apart by {' and '.join(f'`{field}`' for field in key_of(schema))}."
    yield ""
    yield "| Field | Type | Unit | May be missing | Meaning and codes |"
    yield "| --- | --- | --- | --- | --- |"
    for field, column in schema.columns.items():
        about = column.metadata
        codes = "".join(f"<br>`{code}`: {means}" for code, means in about.get("codes", {}).items())
        missing = "yes" if column.nullable else "no"
        yield f"| `{field}` | {about['type']} | {about.get('unit', '')} | {missing} | {column.description}{codes} |"


def built_files() -> dict[str, str]:
    """What `senco build` writes into datasets/: the text of each file by its path there."""
    built = {"DICTIONARY.md": dictionary()}
    for name in PACKAGES:
        built |= {f"{name}/{path}": text for path, text in _kit_package(name).items()}
    return built


@cache
def _kit_package(name: str) -> dict[str, str]:
    return _texts(f"invented-{name}", PACKAGES[name], every_truth=True)


def _texts(name: str, order: Order, *, every_truth: bool) -> dict[str, str]:
    """All files of a package of one school by name: its tables as CSV and what they are."""
    from senco_kit.schools.make import make_school
    from senco_kit.schools.many import csv_path, in_order, layout

    tables = in_order(make_school(order, every_truth=every_truth).tables, layout())
    command = command_of([order], every_truth=every_truth)
    contents = Contents(name, title_of([order]), command, {table: [csv_path(table)] for table in tables})
    texts = {csv_path(table): files.csv_text(columns) for table, columns in tables.items()}
    return texts | {DESCRIPTION: describe(contents), "README.md": readme(contents)}


def title_of(orders: Sequence[Order]) -> str:
    """The title of a package of these schools, which are of one phase and size."""
    first = orders[0]
    kind = {"special": "special school", "all-through": "all-through school"}.get(first.phase, f"{first.phase} school")
    if len(orders) > 1:
        return f"INVENTED: {len(orders):,} {kind}s of {first.pupils:,} pupils each"
    article = "an" if kind[0] in "aeiou" else "a"
    return f"INVENTED: {article} {kind} of {first.pupils:,} pupils"


def command_of(orders: Sequence[Order], *, every_truth: bool, parquet: bool = False) -> str:
    """The command that makes these schools, which are of one phase, size and seed."""
    first = orders[0]
    words = (
        f"senco school make --phase {first.phase} --pupils {first.pupils} --schools {len(orders)} --seed {first.seed}"
    )
    return words + " --out FOLDER" + " --every-truth" * every_truth + " --parquet" * parquet


def write_description(folder: Path, contents: Contents) -> None:
    """Write README.md and datapackage.json into a package's folder, the latter last: it says that all is there."""
    (folder / "README.md").write_text(readme(contents), encoding="utf-8", newline="\n")
    (folder / DESCRIPTION).write_text(describe(contents), encoding="utf-8", newline="\n")
