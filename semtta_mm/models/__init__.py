from .adaptors import CycleAdapt, SemTTA
from .backbones import HMR2ViT
from .bodies import BodyOutput, SMPLBody
from .classifiers import ActionClassifier
from .denoisers import MDNet
from .discriminators import MotionDiscriminator
from .estimators import HMR2Estimator, HMREstimator
from .heads import HMR2Head
from .lifters import TextLifter
from .losses import (
    Keypoint2DLoss,
    LiftedPoseLoss,
    MotionTextAlignLoss,
    SmoothLoss,
)
from .motion_text import MiniLMText, MotionCLIP
from .necks import PartNeck
from .priors import GMMPriorLoss, MotionPriorLoss, VPoserPriorLoss
from .reference_motions import ExemplarMotions, NpzMotions
from .trainers import HMRTrainer, MDNetTrainer, MotionTextTrainer

__all__ = [
    'ActionClassifier',
    'BodyOutput',
    'CycleAdapt',
    'ExemplarMotions',
    'GMMPriorLoss',
    'HMR2Estimator',
    'HMR2Head',
    'HMR2ViT',
    'HMREstimator',
    'HMRTrainer',
    'Keypoint2DLoss',
    'LiftedPoseLoss',
    'MDNet',
    'MDNetTrainer',
    'MiniLMText',
    'MotionCLIP',
    'MotionDiscriminator',
    'MotionPriorLoss',
    'MotionTextAlignLoss',
    'MotionTextTrainer',
    'NpzMotions',
    'PartNeck',
    'SMPLBody',
    'SemTTA',
    'SmoothLoss',
    'TextLifter',
    'VPoserPriorLoss',
]
