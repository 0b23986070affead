from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from semtta_mm.geometry import image_to_crop, project_points
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

CONFIGS = Path(__file__).parents[3] / 'configs' / '_base_' / 'estimators'


def build(name: str, **changes):
    register_all_modules()
    torch.manual_seed(0)
    cfg = Config.fromfile(CONFIGS / f'{name}.py')
    cfg.merge_from_dict({f'estimator.{k}': v for k, v in changes.items()})
    return MODELS.build(cfg.estimator)


@pytest.fixture(scope='module')
def gn_resnet():
    return build('hmr_resnet50-gn')


def crops(n: int, size: int = 224) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(
        0, 256, (n, 3, size, size), dtype=torch.uint8, generator=generator
    )


def test_papers_network_has_its_number_of_parameters(gn_resnet):
    count = sum(p.numel() for p in gn_resnet.parameters())
    assert count == 26_977_501
    assert not any(isinstance(m, _BatchNorm) for m in gn_resnet.modules())


def test_forward_and_backward_on_random_crops(gn_resnet):
    gn_resnet.train()
    prediction = gn_resnet(crops(2))
    assert prediction.params.pose.shape == (2, 24, 3, 3)
    assert prediction.params.betas.shape == (2, 10)
    weights = torch.randn(24, 3, 3)
    (prediction.params.pose * weights).sum().backward()
    gradient = gn_resnet.backbone.conv1.weight.grad
    assert gradient.isfinite().all()
    assert gradient.abs().sum() > 0
    gn_resnet.zero_grad()


def test_parity_with_the_bare_mmhuman3d_modules(gn_resnet):
    """The same weights in unmodified modules of mmhuman3d."""
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
    assert type(head).__module__ == 'mmhuman3d.models.heads.hmr_head'
    state = gn_resnet.state_dict()
    for module, prefix in ((backbone, 'backbone.'), (head, 'head.')):
        part = {
            k.removeprefix(prefix): v
            for k, v in state.items()
            if k.startswith(prefix)
        }
        module.load_state_dict(part, strict=True)
        module.eval()
    images = crops(2)
    gn_resnet.eval()
    with torch.no_grad():
        ours = gn_resnet(images)
        mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
        std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
        theirs = head(backbone((images / 255 - mean) / std))
    torch.testing.assert_close(ours.params.pose, theirs['pred_pose'])
    torch.testing.assert_close(ours.params.betas, theirs['pred_shape'])
    torch.testing.assert_close(ours.camera, theirs['pred_cam'])


def test_uint8_and_float_crops_agree(gn_resnet):
    gn_resnet.eval()
    images = crops(1)
    with torch.no_grad():
        a, b = gn_resnet(images), gn_resnet(images.float() / 255)
    torch.testing.assert_close(a.params.pose, b.params.pose)


def test_start_is_the_mean_pose_and_not_zeros():
    """With zero decoders the head returns the initial parameters."""
    estimator = build('hmr_mobilenetv2').eval()
    for name in ('decpose', 'decshape', 'deccam'):
        layer = getattr(estimator.head, name)
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
    with torch.no_grad():
        prediction = estimator(crops(3, 128))
    upright = torch.diag(torch.tensor([1.0, -1.0, -1.0])).expand(3, 3, 3)
    torch.testing.assert_close(
        prediction.params.global_orient, upright, atol=1e-5, rtol=0
    )
    assert prediction.camera[0].tolist() == pytest.approx([0.9, 0, 0])


def test_mean_params_are_required():
    with pytest.raises(TypeError, match='mean_params'):
        MODELS.build(
            dict(
                type='semtta_mm.HMREstimator',
                backbone=dict(type='mmpose.MobileNetV2', out_indices=(7,)),
                head=dict(type='mmhuman3d.HMRHead', feat_dim=1280),
            )
        )


@pytest.mark.parametrize('name', ['hmr_mobilenetv2', 'hmr_hrnet-w32'])
def test_other_backbones_by_config(name):
    estimator = build(name).eval()
    with torch.no_grad():
        prediction = estimator(crops(1, estimator.input_size))
    assert prediction.params.pose.isfinite().all()


def test_norm_and_dropout_policy():
    estimator = build('hmr_mobilenetv2', dropout=0.1).train()
    norms = [m for m in estimator.modules() if isinstance(m, _BatchNorm)]
    assert norms
    assert not any(m.training for m in norms)
    dropouts = [m for m in estimator.modules() if isinstance(m, nn.Dropout)]
    assert {m.p for m in dropouts} == {0.1}
    assert all(m.training for m in dropouts)
    before = norms[0].running_mean.clone()
    estimator(crops(2, 128))
    torch.testing.assert_close(norms[0].running_mean, before)
    moving = build('hmr_mobilenetv2', freeze_norm_stats=False).train()
    norm = next(m for m in moving.modules() if isinstance(m, _BatchNorm))
    moving(crops(2, 128))
    assert not torch.equal(norm.running_mean, torch.zeros_like(before))


def test_locate_keeps_the_root_position_of_the_crop(gn_resnet):
    """x_crop = S/2 (1 + s tx): weak perspective of the body's origin."""
    boxes = torch.tensor([[100.0, 50.0, 548.0, 498.0]])
    camera = torch.tensor([[0.8, 0.1, -0.2]])
    intrinsics = torch.tensor([[[1500.0, 0, 960], [0, 1500, 540], [0, 0, 1]]])
    for true_camera in (None, intrinsics):
        transl, used = gn_resnet.locate(camera, boxes, true_camera)
        pixel = project_points(transl[:, None], used)
        crop = image_to_crop(pixel, boxes, 224)[0, 0]
        expected = [112 * (1 + 0.8 * 0.1), 112 * (1 - 0.8 * 0.2)]
        assert crop.tolist() == pytest.approx(expected, abs=1e-3)


def test_wrong_crop_size_is_named(gn_resnet):
    with pytest.raises(ValueError, match='set input_size of the dataset'):
        gn_resnet(crops(1, 128))
