"""Zips from other people, read with care: nothing is written, and no more is read than a limit.

A zip may hold zips, as when a learning platform packs what each learner sent; one more level is read.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from senco_kit.marking.problems import MarkingProblem

_MEGABYTE = 1_000_000
#: What a zip in a zip may use of what its outer one may.
_SHARE = 10
#: So many zips in one zip may pass a limit before the whole is given up: each takes a while to find out.
_MOST_TOO_LARGE = 20


class BadZip(MarkingProblem):
    """A zip that cannot be used; its text is one sentence."""


class TooLarge(BadZip):
    """A zip that passes a limit."""


@dataclass(frozen=True)
class Packed:
    """One file of a zip. `inside` are the names of the zips and folders that it lies in, outermost first."""

    name: str
    inside: tuple[str, ...]
    data: bytes
    time: tuple[int, int, int, int, int, int] = (1980, 1, 1, 0, 0, 0)


@dataclass
class Unpacking:
    """Reads a zip and the zips in it within limits; `left_out` says what was not read, and why.

    Each zip in it has a smaller limit of its own, so that one that passes it stops no other.
    """

    largest_file: int = 25 * _MEGABYTE
    largest_all: int = 400 * _MEGABYTE
    most_files: int = 5000
    deepest: int = 2
    left_out: list[tuple[str, str]] = field(default_factory=list)
    _read: int = 0
    _files: int = 0
    _too_large: int = 0

    def files(self, data: bytes, name: str = "", inside: tuple[str, ...] = (), depth: int = 0) -> Iterator[Packed]:
        """Every file in a zip, and in the zips in it. Raises BadZip when it is none or passes a limit."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for entry in archive.infolist():
                    yield from self._entry(archive, entry, inside, depth)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
            ValueError,
            IndexError,  # zipfile's own, for a file without a name
            OSError,
        ) as bad:
            raise BadZip(
                f"{name or 'The file'} is not a zip that can be read: get it again from where it came."
            ) from bad

    def _entry(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, inside: tuple[str, ...], depth: int
    ) -> Iterator[Packed]:
        if entry.is_dir():
            return
        self._files += 1
        if self._files > self.most_files:
            raise TooLarge(f"There are more than {self.most_files:,} files in it: unpack fewer at a time.")
        parts = tuple(entry.filename.replace("\\", "/").split("/"))
        why = _why_not(entry, parts)
        if not why and entry.file_size > self.largest_file:
            why = f"it is larger than {self.largest_file // _MEGABYTE} MB"
        if why:
            self.left_out.append(("/".join((*inside, *parts)), why))
            return
        data = self._bytes(archive, entry)
        if data is None:
            self.left_out.append(
                ("/".join((*inside, *parts)), f"it is larger than {self.largest_file // _MEGABYTE} MB")
            )
        elif parts[-1].lower().endswith(".zip"):
            yield from self._zip_in_zip(data, (*inside, *parts), entry, depth)
        else:
            yield Packed(parts[-1], (*inside, *parts[:-1]), data, entry.date_time)

    def _zip_in_zip(self, data: bytes, path: tuple[str, ...], entry: zipfile.ZipInfo, depth: int) -> Iterator[Packed]:
        if depth >= self.deepest:
            self.left_out.append(("/".join(path), "it is a zip in a zip in a zip"))
            return
        own = replace(
            self,
            largest_all=self.largest_all // _SHARE,
            most_files=self.most_files // _SHARE,
            _read=0,
            _files=0,
            _too_large=0,
        )
        try:
            # All of it first: of a damaged zip nothing is used.
            files = list(own.files(data, path[-1], path, depth + 1))
        except BadZip as problem:
            self._too_large += isinstance(problem, TooLarge)
            if self._too_large > _MOST_TOO_LARGE:
                raise
            self.left_out.append(("/".join(path), str(problem)))
            return
        self._count(own._read)
        yield from files

    def _bytes(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
        # What a zip says of a size may be a lie: reading stops at the limit.
        with archive.open(entry) as file:
            data = file.read(self.largest_file + 1)
        self._count(len(data))
        return data if len(data) <= self.largest_file else None

    def _count(self, read: int) -> None:
        self._read += read
        if self._read > self.largest_all:
            raise TooLarge(f"It unpacks to more than {self.largest_all // _MEGABYTE} MB: unpack fewer at a time.")


def _why_not(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind and kind != stat.S_IFREG:
        return "it is a link, not a file"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in an unusual way"  # other ways may ask for gigabytes of memory
    if entry.flag_bits & 1:
        return "it is locked with a password"
    if any(part in ("", ".", "..") or ":" in part or "\x00" in part for part in parts):
        return "its name leads out of the zip"
    return ""
