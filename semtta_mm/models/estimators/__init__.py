from .base import MeshEstimator, TrackInputs
from .constant import ConstantEstimator
from .hmr import HMREstimator
from .hmr2 import HMR2Estimator
from .mean_params import MeanParams, load_mean_params, standing_mean_params
from .parameters import ParameterEstimator
from .torch_estimator import TorchEstimator
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
    'ParameterEstimator',
    'TorchEstimator',
    'TrackInputs',
    'evaluation_mode',
    'extract_track_features',
    'load_mean_params',
    'predict_track',
    'standing_mean_params',
    'with_vertices',
]
