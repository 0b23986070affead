from .bvh import read_bvh
from .clip import MotionClip, mirror_pose, slerp_pose
from .cmu import read_cmu_npz
from .pybullet import read_pybullet
from .retarget import Skeleton, retarget

__all__ = [
    'MotionClip',
    'Skeleton',
    'mirror_pose',
    'read_bvh',
    'read_cmu_npz',
    'read_pybullet',
    'retarget',
    'slerp_pose',
]
