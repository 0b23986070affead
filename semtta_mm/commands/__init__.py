"""The command line: one file a command, see :mod:`semtta_mm.commands.main`."""
