"""How public projects store their networks, one file per network.

A layout only renames: the networks are ours, and missing or unexpected
entries of a file are an error that lists them.
"""

from .layout import CheckpointLayout, LayoutResult

__all__ = ['CheckpointLayout', 'LayoutResult']
