"""One accessible form for every page that asks anything: described by data, drawn in one place, saved by itself."""
