"""Preparation of shipped and licensed data; not imported at run time."""
