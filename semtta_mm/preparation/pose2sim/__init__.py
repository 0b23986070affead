from .camera_fits import CameraFit, fit_cameras, with_body
from .qualisys import read_qualisys
from .references import (
    MultiView,
    convert_pose2sim,
    limb_views,
    triangulate_limbs,
)
from .residuals import (
    leave_one_out_std,
    lens_residual,
    own_reprojection,
    ray_angles,
)
from .write import write_manifest, write_tracks

__all__ = [
    'CameraFit',
    'MultiView',
    'convert_pose2sim',
    'fit_cameras',
    'leave_one_out_std',
    'lens_residual',
    'limb_views',
    'own_reprojection',
    'ray_angles',
    'read_qualisys',
    'triangulate_limbs',
    'with_body',
    'write_manifest',
    'write_tracks',
]
