"""Files that mmhuman3d itself writes."""

from importlib.util import find_spec

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_index
from semtta_mm.datasets import HumanDataReader

# Not importorskip: mmhuman3d cannot be imported without our bridge.
pytestmark = pytest.mark.skipif(
    find_spec('mmhuman3d') is None, reason='mmhuman3d is not installed'
)


@pytest.fixture(scope='module')
def modules():
    bridge = pytest.importorskip('semtta_mm.compat.mmhuman3d')
    return (
        bridge.import_mmhuman3d('data.data_structures.human_data').HumanData,
        bridge.import_mmhuman3d(
            'core.conventions.keypoints_mapping'
        ).convert_kps,
    )


@pytest.mark.parametrize('compressed', [False, True])
@pytest.mark.parametrize('source', ['coco', 'openpose_25'])
def test_reads_what_mmhuman3d_dumps(tmp_path, modules, source, compressed):
    human_data, convert = modules
    k = {'coco': 17, 'openpose_25': 25}[source]
    points = np.random.default_rng(0).uniform(1, 99, (1, k, 3))
    points = points + np.arange(5.0)[:, None, None]  # walks 1 px a frame
    points[..., 2] = 1
    full, mask = convert(points, src=source, dst='human_data')
    data = human_data()
    data['image_path'] = [f'walk/{i:06d}.jpg' for i in range(5)]
    data['bbox_xywh'] = np.tile([0.0, 0, 120, 120, 1], (5, 1))
    data['keypoints2d'], data['keypoints2d_mask'] = full, mask
    data['smpl'] = {
        'global_orient': np.ones((5, 3)),
        'body_pose': np.ones((5, 23, 3)),
        'betas': np.ones((5, 10)),
    }
    data['meta'] = {'gender': np.array(['male'] * 5)}
    if compressed:
        data.compress_keypoints_by_mask()
    data.dump(str(tmp_path / 'a.npz'))

    (track,) = HumanDataReader(tmp_path / 'a.npz', fps=30.0)()
    ours = {'coco': 'coco_17'}.get(source, source)
    names = ['left_hip', 'right_knee', 'nose', 'left_wrist', 'right_ankle']
    found = track.keypoints[:, keypoint_index('human_data_190', names)]
    expected = points[:, keypoint_index(ours, names), :2]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert (track.scores > 0).any(axis=0).sum() >= k
    assert track.reference.gender == 'male'
