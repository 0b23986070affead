from .base import MeshEstimator
from .constant import ConstantEstimator
from .hmr import HMREstimator
from .hmr2 import HMR2Estimator
from .mean_params import MeanParams, load_mean_params, standing_mean_params
from .track import (
    evaluation_mode,
    extract_track_features,
    predict_track,
    with_vertices,
)

__all__ = [
    'ConstantEstimator',
    'HMR2Estimator',
    'HMREstimator',
    'MeanParams',
    'MeshEstimator',
    'evaluation_mode',
    'extract_track_features',
    'load_mean_params',
    'predict_track',
    'standing_mean_params',
    'with_vertices',
]
