"""Runners, loops and hooks: what drives training and adaptation."""

from .hooks import PlainCheckpointHook
from .loops import VideoAdaptLoop
from .runners import SemTTARunner

__all__ = ['PlainCheckpointHook', 'SemTTARunner', 'VideoAdaptLoop']
