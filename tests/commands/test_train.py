from pathlib import Path

import numpy as np
import pytest
import torch

from semtta_mm.commands.train import main
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import MotionClip

CONFIG = Path(__file__).parents[2] / 'configs' / 'train_hmr_synthetic.py'
SIZE = 32


@pytest.fixture
def arguments(tmp_path):
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    make_shard(
        ShardJob(tmp_path / 'crops', 0, 4, 0, SIZE), PoseSampler([clip])
    )
    folder = tmp_path / 'crops'
    return [
        str(CONFIG),
        '--work-dir',
        str(tmp_path / 'work'),
        '--cfg-options',
        f'model.estimator.input_size={SIZE}',
        'train_dataloader.batch_size=2',
        f'train_dataloader.dataset.folder={folder}',
        f'val_dataloader.dataset.folder={folder}',
    ]


def test_train_and_resume(arguments, tmp_path):
    """The second run goes on where the first stopped, optimiser included."""
    assert main([*arguments, 'train_cfg.max_epochs=1']) == 0
    first = torch.load(tmp_path / 'work' / 'epoch_1.pth', weights_only=True)
    assert first['meta']['epoch'] == 1
    more = [*arguments, 'train_cfg.max_epochs=2', '--resume']
    assert main(more) == 0
    second = torch.load(tmp_path / 'work' / 'epoch_2.pth', weights_only=True)
    assert second['meta']['iter'] == 4
    steps = {float(s['step']) for s in second['optimizer']['state'].values()}
    assert steps == {4.0}
    assert not any(name.startswith('body') for name in second['state_dict'])


def test_resume_is_not_the_start_of_this_training(arguments, tmp_path):
    """A config that begins from other weights goes on from its own."""
    assert main([*arguments, 'train_cfg.max_epochs=1']) == 0
    work = tmp_path / 'work'
    start = (work / 'epoch_1.pth').rename(tmp_path / 'start.pth')
    (work / 'last_checkpoint').unlink()
    more = [*arguments, f'load_from={start}']
    once = [*more, 'train_cfg.max_epochs=1', '--resume']
    assert main(once) == 0  # nothing to go on from: begins
    first = torch.load(work / 'epoch_1.pth', weights_only=True)
    first['state_dict']['estimator.head.decpose.bias'] += 9
    torch.save(first, work / 'epoch_1.pth')
    assert main([*more, 'train_cfg.max_epochs=2', '--resume']) == 0
    second = torch.load(work / 'epoch_2.pth', weights_only=True)
    assert second['state_dict']['estimator.head.decpose.bias'].mean() > 5


def test_bad_configs_are_one_line(tmp_path, capsys):
    assert main([str(tmp_path / 'none.py')]) == 2
    assert 'does not exist' in capsys.readouterr().err
    body = CONFIG.parent / '_base_' / 'bodies' / 'open.py'
    assert main([str(body)]) == 2
    error = capsys.readouterr().err
    assert 'train_cfg: is absent' in error
    assert error.count('\n') == 1
