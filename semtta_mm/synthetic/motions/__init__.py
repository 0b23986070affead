from .clip import MotionClip, slerp_pose
from .retarget import Skeleton, retarget

__all__ = ['MotionClip', 'Skeleton', 'retarget', 'slerp_pose']
