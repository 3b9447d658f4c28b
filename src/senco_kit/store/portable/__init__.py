"""All of a person's work as one JSON file, and back again without loss.

    data = export_work(store)
    says = import_work(store, data, known_outcomes()).sentence

The file may have been through other hands: an import checks everything before it changes anything. The rooms: `writing`
makes the file; `parsing`, `shape` and `reading` turn a file into work that is sure to be sound, or into one sentence;
`bringing_in` adds that work to what is here. Version 1 held audits alone; version 2 holds the scenarios, the answers
about invented schools and the kept school data too; version 3 the course work;
version 4 the cycles. Every version that was released is read
for ever.
"""

from senco_kit.store.portable.bringing_in import ImportResult, import_work
from senco_kit.store.portable.problem import LARGEST_FILE, ImportProblem
from senco_kit.store.portable.reading import read_work
from senco_kit.store.portable.work import FORMAT, VERSION, Work
from senco_kit.store.portable.writing import export_audit, export_work

__all__ = [
    "FORMAT",
    "LARGEST_FILE",
    "VERSION",
    "ImportProblem",
    "ImportResult",
    "Work",
    "export_audit",
    "export_work",
    "import_work",
    "read_work",
]
