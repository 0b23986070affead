"""Priors beside the paper's losses, by config."""

import pickle

import numpy as np
import pytest
import torch

from semtta_mm.models.adaptors import SemTTA
from semtta_mm.setup_env import register_all_modules

TINY = dict(type='MotionDiscriminator', hidden=4)


@pytest.fixture
def gmm(tmp_path):
    content = {
        'means': np.zeros((1, 69)),
        'covars': np.eye(69)[None],
        'weights': np.ones(1),
    }
    path = tmp_path / 'gmm_08.pkl'
    path.write_bytes(pickle.dumps(content, protocol=2))
    return str(path)


def adaptor(**options):
    register_all_modules()
    return SemTTA(
        estimator=dict(type='ConstantEstimator', input_size=64),
        body=dict(type='SMPLBody'),
        **options,
    )


def test_priors_are_terms_of_their_own(dataset, gmm):
    model = adaptor(
        losses=dict(
            gmm=dict(type='GMMPriorLoss', path=gmm, loss_weight=0.5),
            motion=dict(
                type='MotionPriorLoss',
                weights=None,
                discriminator=TINY,
                frames=5,
            ),
            off=None,
        )
    )
    plain = adaptor()
    model.begin(dataset[0])
    plain.begin(dataset[0])
    losses = model(torch.tensor([0]))
    assert set(losses) - set(plain(torch.tensor([0]))) == {
        'loss_gmm',
        'loss_motion',
    }
    pose = model.predict(model.session.inputs[:1]).params.axis_angle()
    quadratic = 0.5 * pose[0, 1:].square().sum() + 34.5 * np.log(2 * np.pi)
    assert float(losses['loss_gmm']) == pytest.approx(
        0.5 * float(quadratic), rel=1e-4
    )
    assert losses['loss_motion'] > 0
    assert set(model.state_dict()) == set(plain.state_dict())
    model.train()
    assert not any(
        module.training
        for module in model.losses.modules()
        if module is not model.losses
    )


def test_none_by_default():
    assert not len(adaptor().losses)
