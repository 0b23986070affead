"""``semtta`` commands around mmpose, on stand-ins."""

from pathlib import Path

import numpy as np
import pytest
import torch
from stand_ins import write_movenet

from semtta_mm.checkpoints import movenet
from semtta_mm.commands.detect import build_detector, build_parser
from semtta_mm.commands.main import main
from semtta_mm.commands.score_detector import named_detector
from semtta_mm.commands.train import main as train
from semtta_mm.detection import BlazePoseDetector, MMPoseDetector
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.crop_shards import ShardJob, make_shard
from semtta_mm.synthetic.poses import PoseSampler
from semtta_mm.training_data import MotionClip
from semtta_mm.utils import InputError

CONFIGS = Path(__file__).parents[2] / 'configs' / 'mmpose'


@pytest.fixture
def files(tmp_path, monkeypatch):
    """MoveNet's files, of random weights."""
    write_movenet(tmp_path / 'movenet')
    monkeypatch.setattr(movenet, 'fetch_known', lambda name: tmp_path / name)
    return tmp_path


def test_convert_movenet(files, capsys):
    target = files / 'net.pth'
    command = ['convert-movenet', 'movenet/lightning', str(target)]
    assert main(command) == 0
    state = torch.load(target, weights_only=True)['state_dict']
    assert 'backbone.net.conv1.conv.weight' in state
    assert state['head.offset.maps.weight'].shape == (34, 96, 1, 1)
    assert main(command) == 2
    assert 'exists' in capsys.readouterr().err
    assert main([*command, '--force']) == 0


def test_rtmpose_is_trained_by_mmposes_runner_and_resumed(files):
    """The shipped config, on few small crops."""
    clip = MotionClip('a', 'x', 'cmu', 30, np.tile(np.eye(3), (1, 24, 1, 1)))
    folder = files / 'crops'
    make_shard(ShardJob(folder, 0, 4, 0, 64), PoseSampler([clip]))
    command = [
        str(CONFIGS / 'rtmpose_movenet_renders-192x192.py'),
        *('--work-dir', str(files / 'work'), '--cfg-options'),
        'train_dataloader.batch_size=2',
        f'train_dataloader.dataset.folder={folder}',
        'train_dataloader.dataset.first=0',
        f'val_dataloader.dataset.folder={folder}',
        'default_hooks.checkpoint.interval=1',
        'train_cfg.val_interval=2',
    ]
    assert train([*command, 'train_cfg.max_iters=1']) == 0
    assert train([*command, 'train_cfg.max_iters=2', '--resume']) == 0
    last = torch.load(files / 'work/iter_2.pth', weights_only=True)
    assert last['meta']['iter'] == 2
    names = last['meta']['dataset_meta']['keypoint_id2name']
    assert names[22] == 'right_heel'
    start = movenet.mmpose_state('movenet/lightning')
    key = 'backbone.net.conv1.conv.weight'
    assert torch.equal(last['state_dict'][key], start[key])


def test_detectors_of_the_command_line():
    register_all_modules()
    parse = build_parser().parse_args
    args = parse(['v.mp4', '--out', 'o'])
    assert isinstance(build_detector(args), BlazePoseDetector)
    args = parse(['v.mp4', '--out', 'o', '--mmpose', '--people', 'image'])
    detector = build_detector(args)
    assert isinstance(detector, MMPoseDetector)
    assert detector.settings()['people'] == {'type': 'WholeImage'}
    args = parse(['v.mp4', '--out', 'o', '--checkpoint', 'x.pth'])
    with pytest.raises(InputError, match='add --mmpose CONFIG'):
        build_detector(args)


def test_detectors_to_score():
    register_all_modules()
    assert isinstance(named_detector('blazepose-lite'), BlazePoseDetector)
    named = named_detector('rtmpose-m=none.pth')
    with pytest.raises(InputError, match='none.pth: checkpoint: does not|no'):
        named.settings()
    with pytest.raises(InputError, match='variant'):
        named_detector('blazepose-huge')


def test_bad_threshold_is_one_line(capsys):
    assert main(['score-detector', '--min-score', '3']) == 2
    assert 'min-score: value: is 3.0' in capsys.readouterr().err
