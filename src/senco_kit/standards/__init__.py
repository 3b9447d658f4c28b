"""Standards as data: frameworks, levels, the crosswalk and the register of facts; read, queried and checked."""
