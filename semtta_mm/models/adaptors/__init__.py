from .base import BaseAdaptor
from .batch import WindowBatch
from .loss_input import LossInput
from .online import BOA, DynaBOA, OnlineAdaptor, OnlineInput
from .semtta import SemTTA
from .session import FrameLabels, Session

__all__ = [
    'BOA',
    'BaseAdaptor',
    'DynaBOA',
    'FrameLabels',
    'LossInput',
    'OnlineAdaptor',
    'OnlineInput',
    'SemTTA',
    'Session',
    'WindowBatch',
]
