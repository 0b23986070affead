from .bodies import BodyOutput, SMPLBody
from .estimators import HMREstimator

__all__ = ['BodyOutput', 'HMREstimator', 'SMPLBody']
