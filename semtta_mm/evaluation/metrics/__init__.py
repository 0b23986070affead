from .inpaint_metric import InpaintMetric
from .lift_metric import LiftMetric
from .mesh_metric import MeshMetric
from .motion_denoise_metric import MotionDenoiseMetric

__all__ = [
    'InpaintMetric',
    'LiftMetric',
    'MeshMetric',
    'MotionDenoiseMetric',
]
