"""DAPA: fakes with exact labels, the two steps, an adaptation."""

import numpy as np
import pytest
import tiny_network  # noqa: F401  (registers TinyEstimator)
import torch
from mmengine.optim import OptimWrapper

from semtta_mm.datasets import TrackDataset
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.adaptors import DAPA, WindowBatch
from semtta_mm.models.adaptors.fake_crops import PosePerturbation, perturbed
from semtta_mm.models.adaptors.frame_groups import frame_groups
from semtta_mm.models.priors import LinearPoseSpace
from semtta_mm.setup_env import register_all_modules
from semtta_mm.structures import MeshPrediction, SMPLParams

LOSSES = dict(
    keypoints=dict(
        type='NormalizedKeypointLoss', loss_weight=300.0, by_score=True
    ),
    scale=dict(type='CameraScaleLoss'),
)


@pytest.fixture(autouse=True)
def modules():
    register_all_modules()


def adaptor(dataset, **options):
    options = {'losses': LOSSES, **options}
    model = DAPA(
        estimator=dict(type='TinyEstimator'),
        body=dict(type='SMPLBody'),
        pose_space=dict(type='LinearPoseSpace'),
        **options,
    )
    model.begin(dataset[0])
    return model


class WhiteBody:
    """Draws only the silhouette."""

    def __call__(self, crop, seen, posed, mesh, intrinsics, rng):
        from semtta_mm.visualization.body_painter import draw_coloured

        white = np.full((len(posed), 3), 255.0)
        return draw_coloured(crop * 0, posed, mesh.faces, white, intrinsics)


def test_the_fakes_labels_are_those_of_the_drawn_body(dataset):
    """Rendered silhouettes and projected labels come by different ways."""
    model = adaptor(dataset, noise='randn', noise_scale=0.8)
    model.painter = WhiteBody()
    batch = WindowBatch.gather(model.session, torch.arange(9), model.device)
    fakes = model.fake_crops(batch)
    masks = fakes.images[:, 0].numpy() > 128
    pixels = (fakes.labels.joints2d.numpy() + 1) * 32  # a crop of 64
    inside = 0
    for mask, points in zip(masks, pixels, strict=True):
        wide = np.pad(mask, 1)  # a keypoint on the skin is on the edge
        for x, y in np.floor(points[5:]).astype(int):  # limbs, not the face
            inside += wide[y : y + 3, x : x + 3].any()
    assert inside == 9 * 12
    # The same body, posed anew.
    labels = fakes.labels
    again = model.body(labels.params, False, ('smpl_24',))
    torch.testing.assert_close(labels.joints3d, again.keypoints['smpl_24'])


def test_what_is_perturbed_and_what_is_kept(dataset):
    model = adaptor(dataset, noise_scale=0.5)
    with torch.no_grad():
        seen = model.predict(model.session.inputs[:3])
    drawn = model.perturb(seen, torch.Generator().manual_seed(0))
    mine, theirs = drawn.params, seen.params
    assert (mine.betas == 0).all() and (theirs.betas != 0).any()
    torch.testing.assert_close(mine.global_orient, theirs.global_orient)
    torch.testing.assert_close(
        mine.body_pose[:, 21:], theirs.body_pose[:, 21:]
    )
    torch.testing.assert_close(drawn.camera, seen.camera)
    assert not torch.allclose(mine.body_pose, theirs.body_pose, atol=1e-2)
    model.perturb.betas = 'prediction'
    kept = model.perturb(seen, torch.Generator().manual_seed(0))
    torch.testing.assert_close(kept.params.betas, theirs.betas)


def test_no_noise_is_the_reconstruction(truth):
    space = LinearPoseSpace()
    seen = MeshPrediction(truth, torch.ones(len(truth), 3))
    for noise in ('uniform', 'randn'):
        drawn = PosePerturbation(space, noise, scale=0.0)(
            seen, torch.Generator().manual_seed(0)
        )
        want = space.with_body(truth.pose, space.encode(truth.pose)[0])
        torch.testing.assert_close(drawn.params.pose, want)


def test_noise_by_hand():
    latent = torch.tensor([[2.0, -4.0]]).repeat(5000, 1)
    generator = torch.Generator().manual_seed(0)
    ratio = perturbed(latent, 'uniform', 0.1, generator) / latent
    assert 1 <= ratio.min() < 1.001 and 1.099 < ratio.max() < 1.1
    added = perturbed(latent, 'randn', 0.1, generator) - latent
    assert float(added.std()) == pytest.approx(0.1, rel=0.05)
    with pytest.raises(ValueError, match='noise'):
        perturbed(latent, 'fgsm', 0.1, generator)


def test_a_sampled_latent_has_the_encoders_spread():
    class Wide(LinearPoseSpace):
        def encode(self, pose):
            mean, _ = super().encode(pose)
            return mean, torch.full_like(mean, 0.5)

    space = Wide()
    pose = axis_angle_to_matrix(torch.zeros(400, 24, 3))
    seen = MeshPrediction(
        SMPLParams.from_pose(pose, torch.zeros(400, 10)), torch.ones(400, 3)
    )
    generator = torch.Generator().manual_seed(0)
    fixed = PosePerturbation(space, scale=0.0, sample=False)(seen, generator)
    drawn = PosePerturbation(space, scale=0.0)(seen, generator)
    assert fixed.params.pose.std(0).max() < 1e-5
    assert drawn.params.pose.std(0).max() > 0.01


@pytest.mark.parametrize('adapts', ['head', 'network'])
def test_both_steps_of_a_batch_move_the_network(dataset, adapts):
    model = adaptor(dataset, adapts=adapts)
    trunk = model.estimator.trunk.weight.detach().clone()
    steps = []

    class Wrapper(OptimWrapper):
        def update_params(self, loss):
            super().update_params(loss)
            steps.append(model.estimator.out.weight.detach().clone())

    wrapper = Wrapper(torch.optim.Adam(model.parameters(), lr=1e-3))
    before = model.estimator.out.weight.detach().clone()
    log = model.train_step({'windows': torch.arange(4)}, wrapper)
    assert len(steps) == 2
    assert not torch.equal(before, steps[0])
    assert not torch.equal(steps[0], steps[1])
    moved = not torch.equal(trunk, model.estimator.trunk.weight)
    assert moved == (adapts == 'network')
    log = {name: value.detach() for name, value in log.items()}
    parts = [value for name, value in log.items() if name != 'loss']
    assert set(log) == {
        'loss',
        'loss_keypoints',
        'loss_scale',
        'loss_fake_joints2d',
        'loss_fake_joints3d',
        'loss_fake_pose',
        'loss_fake_betas',
    }
    assert float(log['loss']) == pytest.approx(sum(map(float, parts)))


def test_one_kind_of_step_only(dataset):
    model = adaptor(dataset, steps=['real'])
    wrapper = OptimWrapper(torch.optim.Adam(model.parameters(), lr=1e-3))
    log = model.train_step({'windows': torch.arange(4)}, wrapper)
    assert not [name for name in log if 'fake' in name]
    with pytest.raises(ValueError, match='steps'):
        adaptor(dataset, steps=['reel'])
    with pytest.raises(ValueError, match='fake_betas'):
        adaptor(dataset, fake_betas='mean')


def test_features_of_fakes_are_those_of_the_trunk(dataset):
    head, network = (adaptor(dataset, adapts=x) for x in ('head', 'network'))
    images = torch.randint(0, 255, (3, 3, 64, 64), dtype=torch.uint8)
    inputs = head.inputs_of(images)
    assert not inputs.requires_grad
    assert network.inputs_of(images) is images
    torch.testing.assert_close(
        head.predict(inputs).camera, network.predict(images).camera
    )


def test_each_track_starts_anew(dataset):
    model = adaptor(dataset)
    wrapper = OptimWrapper(torch.optim.Adam(model.parameters(), lr=1e-2))
    logs = []
    for _ in range(2):
        model.begin(dataset[0], seed=3)
        wrapper.optimizer.state.clear()
        logs.append(model.train_step({'windows': torch.arange(4)}, wrapper))
    for name, value in logs[0].items():
        assert float(logs[1][name]) == pytest.approx(float(value)), name


def test_a_single_frame_adapts(dataset):
    model = adaptor(dataset)
    track = dataset[0].track[slice(0, 1)]
    model.begin(TrackDataset(tracks=[track], input_size=64)[0])
    wrapper = OptimWrapper(torch.optim.Adam(model.parameters(), lr=1e-3))
    log = model.train_step({'windows': torch.tensor([0])}, wrapper)
    assert log['loss'].isfinite()


def test_frames_without_keypoints_adapt_by_the_fakes(dataset):
    model = adaptor(dataset)
    model.session.frames.scores.zero_()
    session = model.begin(model.session.frames)
    assert not session.bank.visible.any()
    wrapper = OptimWrapper(torch.optim.Adam(model.parameters(), lr=1e-3))
    log = model.train_step({'windows': torch.arange(3)}, wrapper)
    assert log['loss_keypoints'] == 0 and log['loss_fake_pose'] > 0


def test_the_module_has_the_network_only(dataset):
    model = adaptor(dataset)
    assert all(n.startswith('estimator.') for n in model.state_dict())
    assert len(model.session.segments) == 9
    model.train()
    assert not any(m.training for m in model._frozen[0].modules())


def test_groups_hold_each_frame_once():
    groups = frame_groups(7, 3)
    assert groups.index[groups.valid].tolist() == list(range(7))
    assert groups.valid.sum(1).tolist() == [3, 3, 1]
    assert groups.index.max() == 6 and not groups.labelled.any()
    with pytest.raises(ValueError, match='group'):
        frame_groups(7, 0)
