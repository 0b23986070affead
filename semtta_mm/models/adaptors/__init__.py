from .base import BaseAdaptor
from .batch import WindowBatch
from .cycleadapt import CycleAdapt
from .dapa import DAPA
from .iso import ISO
from .loss_input import LossInput
from .online import BOA, DynaBOA, OnlineAdaptor, OnlineInput
from .semtta import SemTTA
from .session import FrameLabels, Session
from .step_bodies import StepBodies

__all__ = [
    'BOA',
    'BaseAdaptor',
    'CycleAdapt',
    'DAPA',
    'DynaBOA',
    'FrameLabels',
    'ISO',
    'LossInput',
    'OnlineAdaptor',
    'OnlineInput',
    'SemTTA',
    'Session',
    'StepBodies',
    'WindowBatch',
]
