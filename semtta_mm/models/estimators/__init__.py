from .base import MeshEstimator
from .constant import ConstantEstimator
from .hmr import HMREstimator
from .mean_params import MeanParams, load_mean_params, standing_mean_params

__all__ = [
    'ConstantEstimator',
    'HMREstimator',
    'MeanParams',
    'MeshEstimator',
    'load_mean_params',
    'standing_mean_params',
]
