from .base import PriorLoss
from .gmm import GMMPriorLoss
from .motion import MotionPriorLoss
from .vposer import VPoserEncoder, VPoserPriorLoss

__all__ = [
    'GMMPriorLoss',
    'MotionPriorLoss',
    'PriorLoss',
    'VPoserEncoder',
    'VPoserPriorLoss',
]
