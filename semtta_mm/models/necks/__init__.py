from .keypoint_fpn import KeypointFPN
from .part_neck import PartNeck

__all__ = ['KeypointFPN', 'PartNeck']
