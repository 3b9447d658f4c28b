"""How much one submission may use while it is marked."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The limits of one sandbox. Marking an assignment of ours takes about a second and 70 MB."""

    seconds: float = 60
    processor_seconds: int = 30
    memory: int = 768 * MEBIBYTE
    #: Of addresses, of which a Python process reserves far more than it uses.
    address_space: int = 3072 * MEBIBYTE
    processes: int = 24
    file_size: int = 20 * MEBIBYTE
    disk: int = 60 * MEBIBYTE
    files: int = 2000
    #: Of messages from the kernel, all together; and one of them.
    output: int = 8 * MEBIBYTE
    message: int = 2 * MEBIBYTE


USUAL = Limits()
