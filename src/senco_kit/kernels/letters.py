"""How a template and its owner talk: small JSON objects over a Unix socket, with file descriptors beside them."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

Letter = dict[str, Any]

#: Before each letter: how many bytes it has.
_LENGTH = struct.Struct("!Q")
_MOST_DESCRIPTORS = 8
#: What comes is not for programs that are started from here, not even for a moment. Only Linux has the flag.
_KEPT_HERE = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
#: A page with its outputs is far smaller; what claims to be larger is no letter of ours.
_LARGEST = 256 * 1024 * 1024


class Gone(Exception):
    """The other side has ended."""


def send(to: socket.socket, letter: Letter, descriptors: Sequence[int] = ()) -> None:
    """Send a letter. Raises Gone."""
    body = json.dumps(letter).encode()
    try:
        socket.send_fds(to, [_LENGTH.pack(len(body))], list(descriptors))
        to.sendall(body)
    except OSError as problem:
        raise Gone from problem


def receive(sender: socket.socket) -> tuple[Letter, list[int]]:
    """Wait for the next letter; gives it with the descriptors that came along. Raises Gone."""
    try:
        head, descriptors, _, _ = socket.recv_fds(sender, _LENGTH.size, _MOST_DESCRIPTORS, _KEPT_HERE)
        try:
            head += _exactly(sender, _LENGTH.size - len(head)) if head else b""
            (length,) = _LENGTH.unpack(head) if head else (_LARGEST + 1,)
            if length > _LARGEST:
                raise Gone
            letter: Letter = json.loads(_exactly(sender, length))
        except BaseException:
            close(descriptors)
            raise
    except OSError as problem:
        raise Gone from problem
    return letter, list(descriptors)


def close(descriptors: Sequence[int]) -> None:
    """Close file descriptors."""
    for descriptor in descriptors:
        os.close(descriptor)


def _exactly(sender: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = sender.recv(min(length, 1 << 20))
        if not part:
            raise Gone
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
