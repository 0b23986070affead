"""Checkpoint layouts of public projects, one file per network.

A layout renames the entries of a file to those of our networks. Missing or
unexpected entries are an error that lists them.
"""

from .layout import CheckpointLayout, LayoutResult

__all__ = ['CheckpointLayout', 'LayoutResult']
