from .inpaint_metric import InpaintMetric
from .mesh_metric import MeshMetric
from .motion_denoise_metric import MotionDenoiseMetric

__all__ = ['InpaintMetric', 'MeshMetric', 'MotionDenoiseMetric']
