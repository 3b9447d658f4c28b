"""A template's own process: imports what its forks will need, checks that it may be forked, and serves.

python -m senco_kit.kernels.template_main DESCRIPTOR MODULE...

The descriptor is a socket to the owner. The first letter says "ready", or why not.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from pathlib import Path

from senco_kit.kernels import letters, libraries
from senco_kit.kernels.clean import hindrances
from senco_kit.kernels.serve import Order, name_process, serve

#: What a fork runs, imported before there is one.
_OWN_MODULES = ("senco_kit.kernels.become", "senco_kit.kernels.page_run")


def main(arguments: list[str]) -> None:
    """Be a template until the owner has gone; in a fork, become what was ordered."""
    owner = socket.socket(fileno=int(arguments[0]))
    owner.set_inheritable(False)
    name_process("senco-template")
    libraries.import_all([*arguments[1:], *_OWN_MODULES])
    is_page = False
    while True:
        why = make_ready(owner)
        letters.send(owner, {"tell": "refused", "why": why} if why else {"tell": "ready"})
        order = None if why else serve(owner)
        if order is None and is_page:
            # What is to be done at the end of the template that it was forked from is left to that.
            os._exit(0)
        if order is None:
            return
        page = _carry_out(order)
        if page is None:
            return
        # This fork has become the template of a page: from now on it serves by itself.
        owner, is_page = page, True


def make_ready(owner: socket.socket) -> str:
    """Put aside what the forks will share; gives a sentence when this process must not be forked."""
    libraries.close_fonts()
    # What is collected now leaves no holes that each fork would fill; what is frozen is never looked at again, and
    # looking is writing: it would make each fork a copy of its own.
    gc.collect()
    gc.freeze()
    return "; ".join(hindrances([owner.fileno()]))


def _carry_out(order: Order) -> socket.socket | None:
    """What a fork does; gives the socket to its owner when it has become the template of a page."""
    from senco_kit.kernels import become

    if order.letter["ask"] == "page":
        from senco_kit.kernels import page_run

        return page_run.become_page(order)
    become.become_kernel(order)
    return None


if __name__ == "__main__":
    # As ipykernel_launcher does: the folder in which it was started has no part in what is imported.
    if sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]
    main(sys.argv[1:])
