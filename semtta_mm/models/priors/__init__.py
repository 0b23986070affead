from .base import PriorLoss
from .gmm import GMMPriorLoss
from .linear_space import LinearPoseSpace
from .motion import MotionPriorLoss
from .pose_space import PoseSpace
from .vposer import VPoserEncoder, VPoserPriorLoss
from .vposer_space import VPoserSpace

__all__ = [
    'GMMPriorLoss',
    'LinearPoseSpace',
    'MotionPriorLoss',
    'PoseSpace',
    'PriorLoss',
    'VPoserEncoder',
    'VPoserPriorLoss',
    'VPoserSpace',
]
