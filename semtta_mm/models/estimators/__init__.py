from .base import MeshEstimator
from .constant import ConstantEstimator
from .hmr import HMREstimator
from .hmr2 import HMR2Estimator
from .mean_params import MeanParams, load_mean_params, standing_mean_params

__all__ = [
    'ConstantEstimator',
    'HMR2Estimator',
    'HMREstimator',
    'MeanParams',
    'MeshEstimator',
    'load_mean_params',
    'standing_mean_params',
]
