"""Serving: Voila over the kit's pages, with the kit's own frame, limits and gate."""
