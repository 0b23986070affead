"""How public projects store their networks, one file per network.

A layout only renames: the networks are ours, and what a file lacks or has
too much is an error that lists it.
"""

from .layout import CheckpointLayout, LayoutResult

__all__ = ['CheckpointLayout', 'LayoutResult']
