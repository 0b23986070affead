import numpy as np
import pytest
import torch

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams


@pytest.fixture(scope='session')
def body():
    return SMPLBody()


@pytest.fixture(scope='session')
def rest_joints(body):
    return body.joint_template.numpy()


@pytest.fixture(scope='session')
def joints_of(body):
    """Local rotations [T, 24, 3, 3] to joints [T, 24, 3], m."""

    def joints(pose: np.ndarray) -> np.ndarray:
        params = SMPLParams.from_pose(
            torch.from_numpy(pose).float(), torch.zeros(len(pose), 10)
        )
        return body.joints_only(params).numpy()

    return joints
