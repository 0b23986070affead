"""Configs and checkpoints by path, name, alias and URL."""

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from semtta_mm.checkpoints.shipped import shipped_weights
from semtta_mm.compat.mmpose import import_mmpose
from semtta_mm.conventions import keypoint_names
from semtta_mm.detection.mmpose.convention import recognise_convention
from semtta_mm.detection.mmpose.sources import (
    find_checkpoint,
    find_pose_config,
    find_source,
)
from semtta_mm.training_data import PoseCropDataset
from semtta_mm.utils import InputError

MIM = Path(find_spec('mmpose').origin).parent / '.mim'
TINY = 'rtmpose-t_8xb256-420e_coco-256x192'


@pytest.mark.parametrize(
    ('name', 'stem', 'published'),
    [
        (TINY, TINY, True),
        (f'body_2d_keypoint/rtmpose/coco/{TINY}.py', TINY, True),
        ('body26', 'rtmpose-m_8xb512-700e_body8-halpe26-256x192', True),
        ('BODY', 'rtmpose-m_8xb256-420e_body8-256x192', True),
        (
            'movenet_thunder_coco-256x256',
            'movenet_thunder_coco-256x256',
            False,
        ),
    ],
)
def test_names_and_aliases(name, stem, published):
    path, weights = find_pose_config(name)
    assert path.stem == stem
    assert bool(weights) == published
    if published:
        assert weights.startswith('https://download.openmmlab.com/mmpose/')


def test_a_file_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path('body26').write_text('model = {}')
    assert find_pose_config('body26') == (Path('body26'), None)


def test_the_default_needs_no_download():
    source = find_source('movenet_thunder_coco-256x256', None)
    assert source.checkpoint == 'movenet_thunder_open'
    assert source.sha256 == shipped_weights()[source.checkpoint].sha256


def test_a_checkpoint_of_a_url_must_have_the_hash_of_its_name(
    tmp_path, monkeypatch
):
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    content = tmp_path / 'x'
    torch.save({'state_dict': {'a': torch.zeros(1)}}, content)
    digest = sha256(content.read_bytes()).hexdigest()
    good = tmp_path / f'net-{digest[:8]}_20230127.pth'
    bad = tmp_path / 'net-00000000_20230127.pth'
    for path in (good, bad):
        path.write_bytes(content.read_bytes())
    found, hexdigest = find_checkpoint(f'file://{good}')
    assert Path(found).parent == tmp_path / 'cache' / 'mmpose'
    assert hexdigest == digest
    with pytest.raises(InputError, match='does not start with 00000000'):
        find_checkpoint(f'file://{bad}')
    with pytest.raises(InputError, match='cannot be downloaded'):
        find_checkpoint(f'file://{tmp_path}/none.pth')


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('model = dict(type="BottomupPoseEstimator")', 'BottomupPoseEst'),
        ('x = 1', 'None is no TopdownPoseEstimator'),
        ('model = (', 'cannot be read'),
    ],
)
def test_bad_configs(tmp_path, text, message):
    path = tmp_path / 'net.py'
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        find_source(path, 'x.pth')


def test_missing_config_and_checkpoint(tmp_path):
    with pytest.raises(InputError, match='nothing: config: is no file'):
        find_pose_config('nothing')
    path = tmp_path / 'net.py'
    path.write_text('model = dict(type="TopdownPoseEstimator")')
    with pytest.raises(InputError, match='checkpoint: is not given'):
        find_source(path, None)
    with pytest.raises(InputError, match='none.pth: checkpoint: does not'):
        find_source(path, 'none.pth')


@pytest.mark.parametrize(
    ('file', 'convention'),
    [
        ('coco', 'coco_17'),
        ('halpe26', 'halpe_26'),
        ('coco_wholebody', 'coco_wholebody_133'),
    ],
)
def test_conventions_of_mmposes_own_data_sets(file, convention):
    parse = import_mmpose('datasets.datasets.utils').parse_pose_metainfo
    path = MIM / 'configs/_base_/datasets' / f'{file}.py'
    meta = parse(dict(from_file=str(path)))
    assert recognise_convention(meta, 'net') == convention
    # A checkpoint may have the numbers as text.
    text = {str(k): v for k, v in meta['keypoint_id2name'].items()}
    assert recognise_convention({'keypoint_id2name': text}, 'n') == convention


def test_other_conventions_are_refused():
    parse = import_mmpose('datasets.datasets.utils').parse_pose_metainfo
    path = MIM / 'configs/_base_/datasets/mpii.py'
    meta = parse(dict(from_file=str(path)))
    with pytest.raises(InputError, match="'mpii' with 16 keypoints"):
        recognise_convention(meta, 'net')
    with pytest.raises(InputError, match='0 keypoints'):
        recognise_convention(None, 'net')
    swapped = dict(enumerate(reversed(keypoint_names('coco_17'))))
    with pytest.raises(InputError, match='none of the known conventions'):
        recognise_convention({'keypoint_id2name': swapped}, 'net')


def test_coco_23_is_that_of_the_training():
    parse = import_mmpose('datasets.datasets.utils').parse_pose_metainfo
    meta = parse(PoseCropDataset.METAINFO)
    assert recognise_convention(meta, 'net') == 'coco_23'
