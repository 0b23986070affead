"""Runners, loops and hooks: what drives training and adaptation."""

from .hooks import PlainCheckpointHook
from .loops import OnlineAdaptLoop, VideoAdaptLoop
from .runners import SemTTARunner

__all__ = [
    'OnlineAdaptLoop',
    'PlainCheckpointHook',
    'SemTTARunner',
    'VideoAdaptLoop',
]
