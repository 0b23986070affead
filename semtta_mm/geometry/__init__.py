from .cameras import (
    FOCAL_LENGTH,
    box_centre_side,
    crop_intrinsics,
    crop_to_image,
    image_to_crop,
    project_points,
    unproject_points,
    weak_perspective_to_image_translation,
    weak_perspective_to_translation,
)
from .rotations import (
    Layout,
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    matrix_to_rot6d,
    project_to_rotation,
    rot6d_to_matrix,
    rotation_angle,
)

__all__ = [
    'FOCAL_LENGTH',
    'Layout',
    'axis_angle_to_matrix',
    'box_centre_side',
    'crop_intrinsics',
    'crop_to_image',
    'image_to_crop',
    'matrix_to_axis_angle',
    'matrix_to_rot6d',
    'project_points',
    'project_to_rotation',
    'rot6d_to_matrix',
    'rotation_angle',
    'unproject_points',
    'weak_perspective_to_image_translation',
    'weak_perspective_to_translation',
]
