"""Invented schools: how they are made, what is planted in them, how they are written and read."""
