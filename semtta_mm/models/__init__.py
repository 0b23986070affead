from .bodies import BodyOutput, SMPLBody
from .denoisers import MDNet
from .estimators import HMREstimator
from .motion_text import MiniLMText, MotionCLIP
from .necks import PartNeck
from .trainers import HMRTrainer, MDNetTrainer, MotionTextTrainer

__all__ = [
    'BodyOutput',
    'HMREstimator',
    'HMRTrainer',
    'MDNet',
    'MDNetTrainer',
    'MiniLMText',
    'MotionCLIP',
    'MotionTextTrainer',
    'SMPLBody',
    'PartNeck',
]
