from .bvh import read_bvh
from .cmu import read_cmu_npz
from .pybullet import read_pybullet
from .retarget import Skeleton, retarget

__all__ = [
    'Skeleton',
    'read_bvh',
    'read_cmu_npz',
    'read_pybullet',
    'retarget',
]
