"""What happens to a prediction after the last epoch."""

from types import SimpleNamespace

import pytest
import torch

from semtta_mm.engine.hooks import CameraResultHook, SmoothedResultHook
from semtta_mm.engine.hooks.track_result_hook import result_arrays
from semtta_mm.models.adaptors import BaseAdaptor
from semtta_mm.structures import SMPLParams


@pytest.fixture
def adaptor(dataset, body, monkeypatch):
    """A network that jitters, in shape too; before any training."""
    torch.manual_seed(0)
    config = dict(type='ConstantEstimator', input_size=64)
    adaptor = BaseAdaptor(config, dict(type='SMPLBody'))
    session = adaptor.begin(dataset[0])
    found = adaptor.predict_track(('smpl_24',))
    noise = 0.1 * torch.randn(len(found), 24, 3)
    noisy = SMPLParams.from_axis_angle(
        noise, torch.randn(len(found), 10), found.params.transl
    )
    pose = found.params.pose @ noisy.pose
    jittering = SMPLParams.from_pose(pose, noisy.betas, noisy.transl)
    object.__setattr__(found, 'params', jittering)
    session.prediction = found
    for name in ('camera_result_hook', 'smoothed_result_hook'):
        monkeypatch.setattr(
            f'semtta_mm.engine.hooks.{name}.adaptor_of', lambda _: adaptor
        )
    return adaptor


def jitter(pose):
    return (pose[2:] - 2 * pose[1:-1] + pose[:-2]).norm(dim=(-2, -1)).mean()


def test_the_last_epoch_is_smoothed(adaptor):
    before = adaptor.session.prediction
    hook = SmoothedResultHook(seconds=0.05)  # 1.25 frames of 25 a second
    hook.after_train_epoch(SimpleNamespace(epoch=0, max_epochs=2))
    assert adaptor.session.prediction is before
    hook.after_train_epoch(SimpleNamespace(epoch=1, max_epochs=2))
    after = adaptor.session.prediction
    assert jitter(after.params.pose) < 0.4 * jitter(before.params.pose)
    assert (after.params.betas == before.params.betas.mean(0)).all()


def test_files_are_of_one_camera_and_metrics_of_the_crops(adaptor):
    session, hook = adaptor.session, CameraResultHook()
    before = result_arrays(session)
    hook.before_train(None)
    hook.after_train(None)
    after = result_arrays(session)
    assert session.prediction is session.refreshed
    assert (after['cam_intrinsics'] == after['cam_intrinsics'][0]).all()
    width, height = session.frames.image_size
    assert after['cam_intrinsics'][0, 0, 0] == pytest.approx(
        (width**2 + height**2) ** 0.5
    )
    # The crop camera is 5000 px of 64 px: a hundred metres away.
    assert before['transl'][:, 2].min() > 20
    assert after['transl'][:, 2].max() < 5
    assert (after['betas'] == after['betas'][0]).all()


def test_frames_of_a_step_can_share_their_shape(dataset):
    config = dict(type='ConstantEstimator', input_size=64)
    body = dict(type='SMPLBody')
    adaptor = BaseAdaptor(config, body, shape='track')
    adaptor.begin(dataset[0])

    def predict(inputs):
        out = BaseAdaptor.predict(adaptor, inputs)
        betas = inputs.float().mean(dim=(1, 2, 3))[:, None].expand(-1, 10)
        params = out.params
        object.__setattr__(params, 'betas', betas)
        return out

    adaptor.predict = predict
    found = adaptor.predict_track(batch_size=2)
    brightness = dataset[0].images.float().mean(dim=(1, 2, 3))
    assert brightness.std() > 10
    torch.testing.assert_close(
        found.params.betas, brightness.mean().expand(9, 10)
    )
    step = adaptor.forward(torch.tensor([0]), mode='predict')
    assert (step.params.betas == step.params.betas[0]).all()


def test_an_unknown_shape_is_refused():
    with pytest.raises(ValueError, match='shape'):
        BaseAdaptor(
            dict(type='ConstantEstimator'), dict(type='SMPLBody'), shape='x'
        )
