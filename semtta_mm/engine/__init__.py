"""Runners, loops and hooks: what drives training and adaptation."""

from .hooks import PlainCheckpointHook

__all__ = ['PlainCheckpointHook']
