from .alignment import similarity_align
from .checks import check_finite, check_shape, check_size
from .image import pck, pck_per_joint, reprojection_error
from .motion import ACCEL_UNITS, AccelUnit, acceleration_error
from .per_frame import PerFrame, masked_mean
from .position import mpjpe, mpvpe, pa_mpjpe
from .roots import ROOTS, Root, root_index, root_position

__all__ = [
    'ACCEL_UNITS',
    'ROOTS',
    'AccelUnit',
    'PerFrame',
    'Root',
    'acceleration_error',
    'check_finite',
    'check_shape',
    'check_size',
    'masked_mean',
    'mpjpe',
    'mpvpe',
    'pa_mpjpe',
    'pck',
    'pck_per_joint',
    'reprojection_error',
    'root_index',
    'root_position',
    'similarity_align',
]
