from .mesh_metric import MeshMetric
from .motion_denoise_metric import MotionDenoiseMetric

__all__ = ['MeshMetric', 'MotionDenoiseMetric']
