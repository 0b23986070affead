"""Runners, loops and hooks: what drives training and adaptation."""

from .hooks import PlainCheckpointHook
from .loops import OnlineAdaptLoop, VideoAdaptLoop
from .runners import SemTTARunner
from .schedulers import CycleAdaptLR

__all__ = [
    'CycleAdaptLR',
    'OnlineAdaptLoop',
    'PlainCheckpointHook',
    'SemTTARunner',
    'VideoAdaptLoop',
]
