"""Semantics-aware test-time adaptation for 3D human mesh recovery."""

from .version import __version__

__all__ = ['__version__']
