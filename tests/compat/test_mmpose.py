"""mmpose 1.3.2 from the real wheel, on the CPU, with mmcv-lite."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.registry import DefaultScope

from semtta_mm.compat.mmpose import (
    import_mmpose,
    init_pose_inferencer,
    init_pose_model,
    mmpose_scope,
)
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError, MissingDependencyError

CONFIG = 'body_2d_keypoint/rtmpose/coco/rtmpose-t_8xb256-420e_coco-256x192.py'


def current_scope():
    scope = DefaultScope.get_current_instance()
    return scope.scope_name if scope else None


@pytest.fixture(scope='module')
def config():
    package = Path(find_spec('mmpose').origin).parent
    return str(package / '.mim' / 'configs' / CONFIG)


@pytest.fixture(scope='module')
def model(config):
    torch.manual_seed(0)
    return init_pose_model(config)


def test_import_leaves_no_stand_in():
    models = import_mmpose('models')
    assert import_mmpose('models') is models
    left = [n for n in sys.modules if n.startswith(('mmcv.ops', 'mmdet'))]
    # A real mmdet stays.
    assert all(getattr(sys.modules[n], '__file__', None) for n in left)


def test_inference_topdown(model):
    before = current_scope()
    image = np.zeros((90, 60, 3), np.uint8)
    boxes = np.float32([[0, 0, 60, 90], [10, 10, 50, 80]])
    with mmpose_scope():
        samples = import_mmpose().inference_topdown(model, image, boxes)
    assert len(samples) == 2
    assert samples[0].pred_instances.keypoints.shape == (1, 17, 2)
    assert samples[0].pred_instances.keypoint_scores.shape == (1, 17)
    assert current_scope() == before


def test_default_scope_is_restored(config):
    with DefaultScope.overwrite_default_scope('semtta_mm'):
        init_pose_model(config)
        assert current_scope() == 'semtta_mm'


def test_weights_and_meta_come_from_the_checkpoint(tmp_path, config, model):
    path = tmp_path / 'rtmpose.pth'
    meta = dict(dataset_meta=dict(dataset_name='mine', sigmas=np.ones(17)))
    torch.save(dict(state_dict=model.state_dict(), meta=meta), path)
    torch.manual_seed(1)
    loaded = init_pose_model(config, path)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(loaded.state_dict()[name], value)
    assert loaded.dataset_meta['dataset_name'] == 'mine'


def test_weights_of_another_network_are_refused(tmp_path, config, model):
    state = model.state_dict()
    name = next(iter(state))
    path = tmp_path / 'other.pth'
    torch.save({k: v for k, v in state.items() if k != name}, path)
    with pytest.raises(InputError, match=f'state_dict: lacks {name}'):
        init_pose_model(config, path)
    torch.save(state | {name: torch.zeros(1)}, path)
    with pytest.raises(InputError, match=f'other shapes for {name}'):
        init_pose_model(config, path)


def test_video_inferencer(tmp_path, config):
    video = tmp_path / 'clip.mp4'
    writer = cv2.VideoWriter(
        str(video), cv2.VideoWriter_fourcc(*'mp4v'), 10, (96, 128)
    )
    for value in (0, 100, 200):
        writer.write(np.full((128, 96, 3), value, np.uint8))
    writer.release()
    inferencer = init_pose_inferencer(config)
    with mmpose_scope():
        results = list(
            inferencer(str(video), pred_out_dir=str(tmp_path / 'out'))
        )
    assert len(results) == 3
    written = json.loads((tmp_path / 'out' / 'clip.json').read_text())
    assert [frame['frame_id'] for frame in written] == [0, 1, 2]
    assert np.shape(written[0]['instances'][0]['keypoints']) == (17, 2)


@pytest.mark.parametrize('scope', ['mmengine', 'mmpose', 'semtta_mm'])
def test_mmposes_backbone_by_config(scope):
    with DefaultScope.overwrite_default_scope(scope):
        net = MODELS.build(dict(type='mmpose.MobileNetV2', out_indices=(7,)))
    assert type(net).__module__ == 'mmpose.models.backbones.mobilenet_v2'
    net.eval()
    assert net(torch.zeros(1, 3, 64, 64))[-1].shape == (1, 1280, 2, 2)


def test_errors_of_stand_ins_give_the_package():
    import_mmpose('models')
    heads = 'mmpose.models.heads'
    edpose = sys.modules[f'{heads}.transformer_heads.edpose_head']
    with pytest.raises(MissingDependencyError, match='pip install mmcv'):
        edpose.MultiScaleDeformableAttention(embed_dims=8)
    rtmo = sys.modules[f'{heads}.hybrid_heads.rtmo_head']
    with pytest.raises(MissingDependencyError, match="'mmdet'"):
        rtmo.reduce_mean(torch.zeros(1))


def test_real_mmdet_and_compiled_operators_are_not_replaced(
    tmp_path, fresh_python
):
    """mmpose imports packages with these names if there are any."""
    mmdet = tmp_path / 'mmdet'
    mmdet.mkdir()
    (mmdet / '__init__.py').touch()
    (mmdet / 'utils.py').write_text(
        'ConfigType = dict\ndef reduce_mean(x): return x\n'
    )
    # Any operator that mmcv.ops loads from its extension exists.
    (tmp_path / '_ext.py').write_text('def __getattr__(name): return name\n')
    fresh_python("""
        import sys
        import mmcv
        mmcv.__path__.append('.')
        from semtta_mm.compat.mmpose import import_mmpose
        import_mmpose('models')
        import mmcv.ops, mmdet.utils
        heads = 'mmpose.models.heads.'
        rtmo = sys.modules[heads + 'hybrid_heads.rtmo_head']
        assert rtmo.reduce_mean is mmdet.utils.reduce_mean
        edpose = sys.modules[heads + 'transformer_heads.edpose_head']
        attention = edpose.MultiScaleDeformableAttention
        assert attention is mmcv.ops.MultiScaleDeformableAttention
        assert attention.__module__ == 'mmcv.ops.multi_scale_deform_attn'
    """)


def test_the_error_without_mmpose_gives_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, 'mmpose', None)
    monkeypatch.delitem(sys.modules, 'mmpose.apis', raising=False)
    with pytest.raises(MissingDependencyError, match='semtta install-mm'):
        import_mmpose()
