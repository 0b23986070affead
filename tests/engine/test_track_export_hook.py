"""Files for other programs, written as each track is finished."""

import json

import numpy as np
import pytest
from test_semtta_runner import config  # noqa: F401

from semtta_mm.engine import SemTTARunner
from semtta_mm.engine.resume import config_digest
from semtta_mm.utils import InputError


def test_formats_are_written_beside_the_result(config, tmp_path):  # noqa: F811
    config.train_cfg.max_epochs = 1
    config.train_dataloader.min_steps_per_epoch = 3
    before = config_digest(config)
    config.hooks.export = dict(
        type='TrackExportHook', formats=['amass', 'json'], world=True
    )
    # A hook that only writes does not make finished tracks outdated.
    assert config_digest(config) == before
    SemTTARunner.from_cfg(config).train()
    folder = tmp_path / 'work' / 'someone'
    document = json.loads((folder / 'coco.json').read_text())
    with np.load(folder / 'result.npz') as result:
        joints = result['joints3d']
    found = document['annotations'][3]
    np.testing.assert_allclose(found['joints3d'], joints[3], atol=1e-4)
    heights = [a['joints3d_world'] for a in document['annotations']]
    assert np.array(heights)[..., 1].min() > 0
    with np.load(folder / 'amass.npz') as amass:
        assert amass['poses'].shape == (9, 156)


def test_an_unknown_format_is_refused_before_the_run(config):  # noqa: F811
    config.hooks.export = dict(type='TrackExportHook', formats=['fbx'])
    with pytest.raises(InputError, match='fbx: is no format'):
        SemTTARunner.from_cfg(config)
