from .pelvis_ray import mid_hip, pelvis_ray_rotation, to_pelvis_ray
from .pose2sim import (
    MultiView,
    convert_pose2sim,
    leave_one_out_std,
    lens_residual,
    limb_views,
    own_reprojection,
    triangulate_limbs,
)
from .qualisys import read_qualisys

__all__ = [
    'MultiView',
    'convert_pose2sim',
    'leave_one_out_std',
    'lens_residual',
    'limb_views',
    'mid_hip',
    'own_reprojection',
    'pelvis_ray_rotation',
    'read_qualisys',
    'to_pelvis_ray',
    'triangulate_limbs',
]
