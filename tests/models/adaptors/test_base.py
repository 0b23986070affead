"""The base of all methods, and old names of its arguments."""

import pytest
import torch

from semtta_mm.models.adaptors import BaseAdaptor, SemTTA
from semtta_mm.models.losses import Keypoint2DLoss, MotionTextAlignLoss
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

PARTS = dict(
    estimator=dict(type='ConstantEstimator', input_size=64),
    body=dict(type='SMPLBody'),
)


@pytest.fixture(autouse=True)
def registered():
    register_all_modules()


def test_losses_are_no_part_of_the_state():
    losses = dict(keypoints=dict(type='Keypoint2DLoss'), smooth=None)
    model = BaseAdaptor(**PARTS, losses=losses)
    assert list(model.losses) == ['keypoints']
    assert not [name for name in model.state_dict() if 'loss' in name]
    assert not list(model.parameters())


def test_a_misspelled_loss_is_named():
    with pytest.raises(InputError, match=r'losses\.keypoint: has no type'):
        BaseAdaptor(**PARTS, losses=dict(keypoint=dict(tolerance=3.0)))


def test_predict_mode_gives_bodies(dataset):
    model = BaseAdaptor(**PARTS)
    model.begin(dataset[0])
    out = model(torch.tensor([0]), mode='predict')
    assert out.params.pose.shape == (9, 24, 3, 3)
    assert model(torch.tensor([0])) == {}


def test_without_a_motion_text_model(dataset):
    model = BaseAdaptor(
        **PARTS, losses=dict(align=dict(type='MotionTextAlignLoss'))
    )
    assert model.dictionary is None
    session = model.begin(dataset[0])
    assert model(torch.tensor([0]))['loss_align'] == 0
    pose = torch.eye(3).expand(9, 24, 3, 3)
    assert model.session_cosines(pose) is None
    assert session.similarity is None


def test_old_names_of_losses_work_and_warn():
    with pytest.warns(FutureWarning, match=r'losses=dict\(keypoints'):
        model = SemTTA(
            **PARTS,
            keypoint_loss=dict(type='Keypoint2DLoss', tolerance=2.0),
            align_loss=None,
            prior_losses=dict(off=None),
        )
    assert list(model.losses) == ['keypoints']
    assert model.losses['keypoints'].tolerance == 2.0


def test_an_old_option_changes_the_new_entry():
    """As ``--cfg-options model.keypoint_loss.tolerance=8`` does."""
    losses = dict(keypoints=dict(type='Keypoint2DLoss', loss_weight=0.3))
    with pytest.warns(FutureWarning):
        model = SemTTA(
            **PARTS, losses=losses, keypoint_loss=dict(tolerance=8.0)
        )
    loss = model.losses['keypoints']
    assert isinstance(loss, Keypoint2DLoss)
    assert (loss.loss_weight, loss.tolerance) == (0.3, 8.0)
    assert losses['keypoints'] == dict(type='Keypoint2DLoss', loss_weight=0.3)


def test_saturation_has_an_old_name():
    with pytest.warns(FutureWarning, match='saturation'):
        assert MotionTextAlignLoss(enough=0.7).saturation == 0.7
