"""`python -m senco_kit` is the `senco` command."""

from __future__ import annotations

from senco_kit.cli import main

if __name__ == "__main__":
    main()
