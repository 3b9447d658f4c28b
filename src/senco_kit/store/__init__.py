"""A person's own work, kept in one SQLite file on their own machine.

    problem = prepare()                    # once, when the server starts: None, or one sentence
    store = open_store()
    audit = store.create_audit("Autumn 2026", "national-award-2009")
    store.save_rating(audit.id, "A1", "standing", "3")

Export and import stand in `senco_kit.store.portable`, which needs pydantic and is imported only where it is used.
"""

from senco_kit.store.copies import Backup
from senco_kit.store.problems import BadValue, NoLongerThere, StoreProblem
from senco_kit.store.work import Store, backups, delete_everything, open_store, prepare, start_afresh, use_backup

__all__ = [
    "Backup",
    "BadValue",
    "NoLongerThere",
    "Store",
    "StoreProblem",
    "backups",
    "delete_everything",
    "open_store",
    "prepare",
    "start_afresh",
    "use_backup",
]
