from .adaptors import SemTTA
from .backbones import HMR2ViT
from .bodies import BodyOutput, SMPLBody
from .denoisers import MDNet
from .estimators import HMR2Estimator, HMREstimator
from .heads import HMR2Head
from .losses import Keypoint2DLoss, MotionTextAlignLoss, SmoothLoss
from .motion_text import MiniLMText, MotionCLIP
from .necks import PartNeck
from .trainers import HMRTrainer, MDNetTrainer, MotionTextTrainer

__all__ = [
    'BodyOutput',
    'HMR2Estimator',
    'HMR2Head',
    'HMR2ViT',
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
