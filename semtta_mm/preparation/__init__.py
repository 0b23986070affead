"""Making of shipped and licensed data files; not imported at run time."""
