"""``motion.glb``: an animated, skinned body, for Blender and the web."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..registry import FUNCTIONS
from .glb import write_glb as write_bodies
from .motion import rest_joints
from .placement import upright
from .saved_track import SavedTrack
from .track import ExportTrack

FILE = 'motion.glb'


@FUNCTIONS.register_module()
def write_glb(track: ExportTrack, folder: Path) -> Path:
    """Write ``motion.glb``, see :func:`~semtta_mm.export.glb.glb_bytes`.

    Metres, y up; one shape. It is the format to open in Blender, from which
    other programs get FBX.

    Args:
        track: The person.
        folder: For the file.

    Returns:
        The file.

    Raises:
        MissingDependencyError: If pygltflib is not installed.
    """
    saved = SavedTrack.from_result(track.result)
    if track.world:
        # The file turns the camera's axes upright: turn the world back.
        pelvis = rest_joints(track.body, track.params.betas)[:, 0]
        back = upright(len(saved.frame_ids))
        saved = replace(saved, params=back.bodies(track.params, pelvis))
    return write_bodies(folder / FILE, [saved], track.body)
