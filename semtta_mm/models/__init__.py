from .adaptors import SemTTA
from .bodies import BodyOutput, SMPLBody
from .denoisers import MDNet
from .estimators import HMREstimator
from .losses import Keypoint2DLoss, MotionTextAlignLoss, SmoothLoss
from .motion_text import MiniLMText, MotionCLIP
from .necks import PartNeck
from .trainers import HMRTrainer, MDNetTrainer, MotionTextTrainer

__all__ = [
    'BodyOutput',
    'HMREstimator',
    'HMRTrainer',
    'Keypoint2DLoss',
    'MDNet',
    'MDNetTrainer',
    'MiniLMText',
    'MotionCLIP',
    'MotionTextAlignLoss',
    'MotionTextTrainer',
    'PartNeck',
    'SMPLBody',
    'SemTTA',
    'SmoothLoss',
]
