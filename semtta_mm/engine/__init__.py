"""Runners, loops and hooks: what drives training and adaptation."""

from .hooks import PlainCheckpointHook
from .loops import VideoAdaptLoop
from .runners import SemTTARunner
from .schedulers import CycleAdaptLR

__all__ = [
    'CycleAdaptLR',
    'PlainCheckpointHook',
    'SemTTARunner',
    'VideoAdaptLoop',
]
