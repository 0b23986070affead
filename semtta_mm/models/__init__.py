from .bodies import BodyOutput, SMPLBody
from .denoisers import MDNet
from .estimators import HMREstimator
from .necks import SpatialNeck
from .trainers import HMRTrainer, MDNetTrainer

__all__ = [
    'BodyOutput',
    'HMREstimator',
    'HMRTrainer',
    'MDNet',
    'MDNetTrainer',
    'SMPLBody',
    'SpatialNeck',
]
