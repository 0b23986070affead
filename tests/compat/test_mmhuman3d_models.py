"""mmhuman3d's own modules, from the real wheel, built by config."""

import numpy as np
import pytest
import torch
from mmengine.registry import MODELS as ROOT
from mmengine.registry import DefaultScope
from smplx.utils import Struct

from semtta_mm.compat.mmhuman3d import import_mmhuman3d
from semtta_mm.registry import MODELS

PARENTS = [2**32 - 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
PARENTS += [9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21]


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def shares(rng, *shape):
    raw = rng.random(shape)
    return raw / raw.sum(1, keepdims=True)


@pytest.fixture(scope='module')
def smpl_struct():
    """Made-up SMPL parameters of SMPL's size."""
    rng = np.random.default_rng(0)
    return Struct(
        v_template=rng.normal(size=(6890, 3)),
        shapedirs=rng.normal(size=(6890, 3, 10)),
        posedirs=rng.normal(size=(6890, 3, 207)) * 1e-3,
        J_regressor=np.eye(6890)[rng.integers(0, 6890, 24)],
        weights=shares(rng, 6890, 24),
        kintree_table=np.array([PARENTS, range(24)], np.uint32),
        f=rng.integers(0, 6890, (13776, 3)),
    )


def is_rotation(matrices):
    eye = torch.eye(3).expand_as(matrices)
    torch.testing.assert_close(
        matrices @ matrices.transpose(-1, -2), eye, atol=1e-4, rtol=0
    )
    return (torch.linalg.det(matrices) > 0.99).all()


def test_papers_network():
    backbone = MODELS.build(
        dict(
            type='mmhuman3d.ResNet',
            depth=50,
            out_indices=(3,),
            norm_cfg=dict(type='GN', num_groups=4),
            norm_eval=False,
        )
    )
    head = MODELS.build(dict(type='mmhuman3d.HMRHead', feat_dim=2048))
    count = sum(p.numel() for m in (backbone, head) for p in m.parameters())
    assert count == 26_977_501
    with torch.no_grad():
        out = head(backbone(torch.randn(2, 3, 64, 64)))
    assert out['pred_pose'].shape == (2, 24, 3, 3)
    assert out['pred_shape'].shape == (2, 10)
    assert out['pred_cam'].shape == (2, 3)


def test_hrnet():
    """mmhuman3d's name for it is PoseHighResolutionNet."""

    def stage(modules, block, blocks, *channels):
        return dict(
            num_modules=modules,
            num_branches=len(channels),
            block=block,
            num_blocks=(blocks,) * len(channels),
            num_channels=channels,
        )

    extra = dict(
        stage1=stage(1, 'BOTTLENECK', 1, 8),
        stage2=stage(1, 'BASIC', 1, 8, 16),
        stage3=stage(1, 'BASIC', 1, 8, 16, 32),
        stage4=stage(1, 'BASIC', 1, 8, 16, 32, 64),
        downsample=True,
        use_conv=False,
        return_list=False,
        final_conv_kernel=1,
    )
    net = MODELS.build(
        dict(type='mmhuman3d.PoseHighResolutionNet', extra=extra)
    )
    net.eval()  # returns None in mmhuman3d
    with torch.no_grad():
        out = net(torch.randn(1, 3, 64, 64))
    assert out.shape == (1, 8 + 16 + 32 + 64, 2, 2)


def test_pare_head(tmp_path):
    path = tmp_path / 'mean.npz'
    pose = np.tile(np.float32([1, 0, 0, 1, 0, 0]), 24)
    np.savez(path, pose=pose, shape=np.zeros(10), cam=np.float32([0.9, 0, 0]))
    head = MODELS.build(
        dict(
            type='mmhuman3d.PareHead',
            smpl_mean_params=str(path),
            num_input_features=16,
            num_deconv_layers=1,
            num_deconv_filters=(16,),
            num_deconv_kernels=(3,),
            num_features_smpl=16,
        )
    )
    out = head.eval()(torch.randn(2, 16, 8, 8))
    assert out['pred_pose'].shape == (2, 24, 3, 3)
    assert is_rotation(out['pred_pose'])
    assert out['pred_segm_mask'].shape == (2, 25, 8, 8)


def test_smpl(smpl_struct):
    body = MODELS.build(
        dict(
            type='mmhuman3d.SMPL',
            model_path='',
            data_struct=smpl_struct,
            keypoint_src='smpl_45',
            keypoint_dst='smpl_45',
        )
    )
    zeros = torch.zeros(2, 72)
    out = body(
        global_orient=zeros[:, :3],
        body_pose=zeros[:, 3:],
        betas=zeros[:, :10],
    )
    rest = torch.as_tensor(smpl_struct.v_template, dtype=torch.float32)
    torch.testing.assert_close(out['vertices'][1], rest)
    joints = smpl_struct.J_regressor @ smpl_struct.v_template
    np.testing.assert_allclose(
        out['joints'][0].detach().numpy()[:24], joints, atol=1e-5
    )


def test_hybrik_on_the_cpu(tmp_path, smpl_struct):
    """The forward pass of the wheel requires a CUDA device."""
    rng = np.random.default_rng(1)
    np.save(tmp_path / 'betas.npy', np.full(10, 0.5))
    np.save(tmp_path / 'h36m.npy', shares(rng, 17, 6890))
    body = MODELS.build(
        dict(
            type='mmhuman3d.HybrIKSMPL',
            model_path='',
            data_struct=smpl_struct,
            extra_joints_regressor=str(tmp_path / 'h36m.npy'),
        )
    ).eval()
    head = MODELS.build(
        dict(
            type='mmhuman3d.HybrIKHead',
            smpl_mean_params=str(tmp_path / 'betas.npy'),
            feature_channel=8,
            deconv_dim=[8, 8, 8],
        )
    ).eval()
    for parameter in head.final_layer.parameters():
        torch.nn.init.zeros_(parameter)
    torch.nn.init.zeros_(head.decshape.weight)
    torch.nn.init.zeros_(head.decshape.bias)
    with torch.no_grad():
        out = head(
            torch.randn(2, 8, 8, 8),
            trans_inv=torch.eye(3)[:2].expand(2, 2, 3),
            intrinsic_param=torch.eye(3).expand(2, 3, 3),
            joint_root=torch.tensor([[0.0, 0.0, 5.0]]).expand(2, 3),
            depth_factor=torch.full((2, 1), 2.2),
            smpl_layer=body,
        )
    # The mean index of a uniform map of 64 cells is 31.5: 31.5 / 64 - 0.5.
    torch.testing.assert_close(
        out['pred_uvd_jts'], torch.full((2, 87), -0.0078125)
    )
    torch.testing.assert_close(out['pred_shape'], torch.full((2, 10), 0.5))
    assert is_rotation(out['pred_pose'])
    assert out['pred_vertices'].shape == (2, 6890, 3)


def test_the_class_of_mmhuman3d_is_not_changed():
    leaf = import_mmhuman3d('models.heads.hybrik_head')
    ours = MODELS.get('mmhuman3d.HybrIKHead')
    assert issubclass(ours, leaf.HybrIKHead)
    assert ours is not leaf.HybrIKHead
    assert leaf.torch is torch


def test_convert_kps():
    conventions = import_mmhuman3d('core.conventions.keypoints_mapping')
    keypoints = np.zeros((1, 17, 3))
    factory = conventions.KEYPOINTS_FACTORY
    assert len(factory) == 43
    keypoints[0, factory['coco'].index('left_wrist')] = [10, 20, 0.5]
    out, mask = conventions.convert_kps(keypoints, 'coco', 'smpl_45')
    wrist = factory['smpl_45'].index('left_wrist')
    assert out[0, wrist].tolist() == [10, 20, 0.5]
    assert mask[wrist] == 1
    assert mask[factory['smpl_45'].index('pelvis')] == 0


def test_human_data_round_trip(tmp_path):
    HumanData = import_mmhuman3d('data.data_structures.human_data').HumanData
    data = HumanData()
    rng = np.random.default_rng(0)
    data['image_path'] = ['a.jpg', 'b.jpg']
    data['keypoints2d_mask'] = np.ones(17)
    data['keypoints2d'] = rng.random((2, 17, 3))
    data['smpl'] = {
        'body_pose': rng.random((2, 23, 3)),
        'global_orient': rng.random((2, 3)),
        'betas': rng.random((2, 10)),
    }
    data.dump(str(tmp_path / 'human.npz'))
    read = HumanData.fromfile(str(tmp_path / 'human.npz'))
    assert read['image_path'] == ['a.jpg', 'b.jpg']
    np.testing.assert_array_equal(read['keypoints2d'], data['keypoints2d'])
    np.testing.assert_array_equal(
        read['smpl']['body_pose'], data['smpl']['body_pose']
    )


@pytest.mark.parametrize('scope', ['mmengine', 'mmpose', 'semtta_mm'])
def test_foreign_default_scopes(scope):
    """Our registry builds our parts under any default scope."""
    cfg = dict(type='mmhuman3d.HMRHead', feat_dim=8)
    with DefaultScope.overwrite_default_scope(scope):
        heads = [MODELS.build(cfg.copy()), ROOT.build(cfg.copy())]
    for head in heads:
        assert type(head).__module__ == 'mmhuman3d.models.heads.hmr_head'


def test_custom_imports_of_a_foreign_config(tmp_path, fresh_python):
    """With mmengine's registry, without ours."""
    (tmp_path / 'config.py').write_text("""
default_scope = 'mmengine'
custom_imports = dict(
    imports=['semtta_mm.compat.mmhuman3d_models'], allow_failed_imports=False
)
head = dict(type='mmhuman3d.HMRHead', feat_dim=8)
""")
    fresh_python("""
        import sys
        from mmengine.config import Config
        from mmengine.registry import MODELS
        head = MODELS.build(Config.fromfile('config.py').head)
        assert type(head).__module__ == 'mmhuman3d.models.heads.hmr_head'
        assert 'semtta_mm.registry' not in sys.modules
    """)
