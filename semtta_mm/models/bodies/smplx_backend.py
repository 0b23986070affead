"""The reference implementation, under a non-commercial licence."""

from __future__ import annotations

import contextlib
import io

import numpy as np
from torch import Tensor, nn

from ...conventions import SMPL_PARENTS
from ...structures import SMPLParams
from ...utils import require
from .loading import POSE_FEATURES, BodyFile

_NO_VERTEX_JOINTS = ('nose', 'reye', 'leye', 'rear', 'lear')


class SmplxBackend(nn.Module):
    """``smplx.SMPL`` with our types.

    smplx's code is for non-commercial use; ``backend='lbs'`` does not use it.

    Args:
        body: The body's arrays.
    """

    def __init__(self, body: BodyFile) -> None:
        super().__init__()
        smplx = require(
            'smplx', "SMPLBody(backend='smplx')", 'pip install smplx'
        )
        struct = require('smplx.utils', 'SMPLBody', 'pip install smplx').Struct
        # smplx prints a warning about ten betas, which are intended.
        with contextlib.redirect_stdout(io.StringIO()):
            self.model = smplx.SMPL(
                str(body.path),
                data_struct=struct(**_fields(body)),
                vertex_ids=dict.fromkeys(_NO_VERTEX_JOINTS, 0),
                use_hands=False,
                use_feet_keypoints=False,
                create_betas=False,
                create_global_orient=False,
                create_body_pose=False,
                create_transl=False,
            )
        self._keep_out_of_state_dict()

    def _keep_out_of_state_dict(self) -> None:
        """Licensed arrays must not be written to checkpoints."""
        for module in self.modules():
            for name, buffer in list(module.named_buffers(recurse=False)):
                module.register_buffer(name, buffer, persistent=False)

    def forward(self, params: SMPLParams) -> tuple[Tensor, Tensor]:
        """Vertices ``[B, V, 3]`` and joints ``[B, 24, 3]``, m."""
        out = self.model(
            betas=params.betas,
            global_orient=params.global_orient[:, None],
            body_pose=params.body_pose,
            transl=params.transl,
            pose2rot=False,
        )
        return out.vertices, out.joints[:, : len(SMPL_PARENTS)]


def _fields(body: BodyFile) -> dict[str, np.ndarray]:
    posedirs = body.posedirs
    if posedirs is None:
        posedirs = np.zeros((len(body.v_template), 3, POSE_FEATURES))
    return {
        'v_template': body.v_template,
        'shapedirs': body.shapedirs,
        'posedirs': posedirs,
        'J_regressor': body.joint_regressor,
        'weights': body.weights,
        'kintree_table': np.array([SMPL_PARENTS, range(len(SMPL_PARENTS))]),
        'f': body.faces,
    }
