"""The Leading page: from evidence to a plan to the documents that a school publishes.

Places of the page (what stands in the address after "#/"):

    (nothing)        the person's cycles, and the finished example
    new              start one
    example          what the finished example is, and a copy of it to open
    ID               one cycle: every room with what is in it
    ID/ROOM/...      a room of it; what comes after it is the room's own business
    ID/name          its name, its school's data
    ID/delete        the question before it is deleted

A room is a module leading_ROOM with `show(cycle, rest)` and, if it needs them, `press(cycle, action, values)`,
`take_file(cycle, action, data)`, `changed(cycle_id, record_id, name)` and `standing(cycle)`: see leading_rooms.py. The
button of a room is called "ROOM:ACTION" and says with `data-with-cycle` whose it is; its form for a file is called
"ROOM:ACTION:CYCLE".

What is kept goes by the kinds of records (planning/kinds.py), for all rooms alike. Names of answers:

    RECORD/FIELD                       one answer of a record; the fields of a role have two parts ("answers/ID")
    KIND/ROW/FIELD                     the same, asked in a table whose rows are the records of a kind
    KIND/ROLE/PARENT/ROW/FIELD         the same, of those records that say PARENT in the field ROLE
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from senco_kit.forms.check import Refused, errors_of
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import Answer, GoTo, Parts, View
from senco_kit.pages import leading_start as start
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.leading_rooms import room
from senco_kit.pages.work import work
from senco_kit.planning import kinds
from senco_kit.planning.model import Cycle
from senco_kit.store import BadValue, NoLongerThere, Store

_ID = re.compile("[0-9a-f]{32}")


class LeadingPage(KitPage):
    """Everything that is done in cycles. Reads the store anew for each view, so that tabs agree."""

    title = "Leading"
    way_on = "All my cycles"

    # ------------------------------------------------------------------------------------------ what is shown

    def show(self, where: str) -> View:
        """One place of the page; see the list above."""
        match [part for part in where.split("/") if part]:
            case []:
                return start.list_of_cycles()
            case ["new"]:
                return start.new_cycle({}, {})
            case ["example"]:
                return start.example()
            case [cycle_id]:
                return start.overview(_cycle(cycle_id))
            case [cycle_id, "name"]:
                return start.name_and_school(_cycle(cycle_id))
            case [cycle_id, "delete"]:
                return start.delete(_cycle(cycle_id))
            case [cycle_id, place, *rest]:
                return room(place).show(_cycle(cycle_id), rest)
            case _:
                raise Refused("There is no such place on this page.")

    # ------------------------------------------------------------------------------------------- what is kept

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Keep one answer of the cycle `form`, or its name or school."""
        if not isinstance(value, str):
            raise Refused("This answer is not text. Reload the page and answer again.")
        with work() as store:
            if name in ("name", "school"):
                start.save(store, form, name, value)
                return None
            record_id, field = _named(name)
            kind, single = _kind(store, form, record_id)
            try:
                asked = kind.field(field)
            except KeyError:
                raise Refused("The page sent an answer that the kit does not ask for. Reload the page.") from None
            store.cycles.save(form, record_id, field, kinds.as_kept(asked, value), single)
        changed = getattr(room(kind.place), "changed", None) if kind.place else None
        return cast(Parts | None, changed(form, record_id, field)) if changed else None

    def add_row(self, form: str, table: str, row: str) -> None:
        """Keep a new, empty record."""
        kind, parent = _table(table)
        with work() as store:
            store.cycles.add(form, kind, parent, row)

    def remove_row(self, form: str, table: str, row: str) -> None:
        """Take a record away."""
        with work() as store:
            store.cycles.remove(form, row)

    # ------------------------------------------------------------------------------------ what buttons do

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Start, open or delete a cycle; add or remove a record; or what a button of a room stands for."""
        place, colon, rest = action.partition(":")
        if colon:
            return room(place).press(_cycle(values.get("cycle", "")), rest, values)
        match action:
            case "start":
                return start.start(values)
            case "open-example":
                return start.open_example(self.tell)
            case "delete":
                with work() as store:
                    cycle = store.cycles.one(values.get("cycle", ""))
                    store.cycles.delete(cycle.id)
                return GoTo("", f"“{cycle.name}” is deleted.")
            case "add":
                return _add(values)
            case "remove":
                return _remove(values)
            case _:
                return super().press(action, values)

    def take_file(self, action: str, data: bytes) -> Answer:
        """Take a file for a room: what the action is called says which room, and which cycle."""
        match action.split(":"):
            case [place, verb, cycle_id]:
                return room(place).take_file(_cycle(cycle_id), verb, data)
            case _:
                return super().take_file(action, data)


def _cycle(cycle_id: str) -> Cycle:
    with work() as store:
        return store.cycles.one(cycle_id)


def _named(name: str) -> tuple[str, str]:
    """The id of a record and the name of the field in it."""
    parts = name.split("/")
    if _ID.fullmatch(parts[0]):
        return parts[0], "/".join(parts[1:])
    if parts[0] in kinds.kinds() and len(parts) in (3, 5):
        return parts[-2].replace("-", "").lower(), parts[-1]
    raise Refused("The page sent an answer that the kit does not ask for. Reload the page.")


def _kind(store: Store, cycle_id: str, record_id: str) -> tuple[kinds.Kind, str]:
    """The kind of a record; and again its id, where the record is the only one of its kind and may not be there yet."""
    found = store.cycles.kind_of(cycle_id, record_id)
    single = next(
        (kind for kind in kinds.kinds().values() if kind.single and kinds.single_id(kind.id) == record_id), None
    )
    if single is not None:
        return single, single.id
    if found is None:
        raise NoLongerThere("This is no longer here, perhaps it was removed in another tab; reload the page.")
    return kinds.kind_of(found), ""


def _table(table: str) -> tuple[str, dict[str, str]]:
    """The kind of a table's records, and what each of them says from the start."""
    kind, *parent = table.split("/")
    if kind not in kinds.kinds() or len(parent) not in (0, 2):
        raise Refused("The page sent a row that the kit does not ask for. Reload the page.")
    return kind, {parent[0]: parent[1]} if parent else {}


def _add(values: Mapping[str, str]) -> Answer:
    """Add a record of a kind, with what the button says of it, and go to it."""
    kind = kinds.kind_of(values.get("kind", ""))
    said = {name.removeprefix("set"): value for name, value in values.items() if name.startswith("set")}
    try:
        errors = errors_of([kind.field(name) for name in said], said)
    except KeyError:
        raise Refused("The page sent an answer that the kit does not ask for. Reload the page.") from None
    if errors:
        raise Refused(next(iter(errors.values())))
    with work() as store:
        record_id = store.cycles.add(values.get("cycle", ""), kind.id, said)
    return GoTo(f"{values['cycle']}/{values.get('then') or kind.place}/{record_id}", f"{kind.one.capitalize()} added.")


def _remove(values: Mapping[str, str]) -> Answer:
    with work() as store:
        found = store.cycles.kind_of(values.get("cycle", ""), values.get("record", ""))
        if found is None:
            raise BadValue("This is no longer here: nothing was removed.")
        store.cycles.remove(values["cycle"], values["record"])
    kind = kinds.kind_of(found)
    return GoTo(f"{values['cycle']}/{values.get('then') or kind.place}", f"{kind.one.capitalize()} removed.")
