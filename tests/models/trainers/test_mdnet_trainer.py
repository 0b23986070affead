"""MDNet is trained with mmengine's Runner and can be resumed."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch.utils.data import default_collate

from semtta_mm.commands.train import main
from semtta_mm.models.denoisers import hidden_l1_loss
from semtta_mm.registry import MODELS
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip
from semtta_mm.training_data.motion_windows import MotionWindowDataset

CONFIG = Path(__file__).parents[3] / 'configs' / 'train_mdnet.py'


@pytest.fixture(scope='module')
def motions(tmp_path_factory) -> Path:
    """A limb that swings."""
    pose = np.tile(np.eye(3), (150, 24, 1, 1))
    turns = np.zeros((150, 3))
    turns[:, 0] = np.sin(np.arange(150) / 5)
    pose[:, 16] = Rotation.from_rotvec(turns).as_matrix()
    clip = MotionClip('a', 'wave', 'cmu', 30.0, pose)
    return write_motion_set(tmp_path_factory.mktemp('m') / 'a.npz', [clip])


@pytest.fixture(scope='module')
def batch(motions):
    data = MotionWindowDataset(motions, stride=5)
    return default_collate([data[i] for i in range(8)])


def test_modes_agree(batch):
    torch.manual_seed(0)
    trainer = MODELS.build(
        dict(type='semtta_mm.MDNetTrainer', denoiser=dict(type='MDNet'))
    )
    for parameter in trainer.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    trainer.eval()
    noisy, hidden = batch['noisy'], batch['hidden']
    with torch.no_grad():
        out = trainer(noisy, hidden=hidden)
        samples = trainer(**batch, mode='predict')
        losses = trainer(**batch, mode='loss')
        expected = hidden_l1_loss(
            trainer.denoiser.rot6d(noisy, hidden), batch['clean'], hidden
        )
    assert len(samples) == 8
    assert torch.equal(samples[3]['denoised'], out[3])
    assert torch.equal(samples[3]['clean'], batch['clean'][3])
    assert set(losses) == {'loss_hidden'}
    assert losses['loss_hidden'] == expected


def test_loss_falls(batch):
    torch.manual_seed(0)
    trainer = MODELS.build(
        dict(type='semtta_mm.MDNetTrainer', denoiser=dict(type='MDNet'))
    )
    optimizer = torch.optim.Adam(trainer.parameters(), 5e-3)
    history = []
    for _ in range(30):
        loss = trainer(**batch, mode='loss')['loss_hidden']
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    assert history[-1] < 0.4 * history[0]


def test_config_trains_validates_and_resumes(motions, tmp_path):
    arguments = [
        *(str(CONFIG), '--work-dir', str(tmp_path), '--cfg-options'),
        f'train_dataloader.dataset.path={motions}',
        f'val_dataloader.dataset.path={motions}',
        'train_dataloader.dataset.windows=4',
        'train_dataloader.batch_size=2',
        'train_cfg.val_interval=1',
    ]
    assert main([*arguments, 'train_cfg.max_epochs=1']) == 0
    more = [*arguments, 'train_cfg.max_epochs=2', '--resume']
    assert main(more) == 0
    last = torch.load(tmp_path / 'epoch_2.pth', weights_only=True)
    assert last['meta']['iter'] == 4
    assert 'denoiser.motion_fc_in.weight' in last['state_dict']
    logs = tmp_path.glob('*/vis_data/scalars.json')
    lines = ''.join(log.read_text() for log in logs)
    assert lines.count('denoise/hidden_linear') == 2
