from .keypoint_fpn import KeypointFPN
from .movenet_fpn import MoveNetFPN
from .part_neck import PartNeck

__all__ = ['KeypointFPN', 'MoveNetFPN', 'PartNeck']
