"""Parts of another project, by ``custom_imports`` and config only.

Nothing here touches a file of the package; each part runs end to end through
``semtta adapt``.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from semtta_mm.commands.main import main
from semtta_mm.datasets.track_io import save_track

CONFIG = """
custom_imports = dict(imports=['gymlab'], allow_failed_imports=False)
default_scope = 'semtta_mm'
method = 'gymlab'
dataset_name = 'gym'
quiet_console = True
model = dict(
    type='SemTTA',
    estimator=dict(type='gymlab.ColourEstimator', input_size={side}),
    body=dict(type='SMPLBody'),
    motion_text=dict(
        type='MotionCLIP', width=16, layers=1, heads=2, feedforward=16,
        text_dim=384,
    ),
    losses=dict(keypoints=dict(type='Keypoint2DLoss')),
)
metric = dict(type='MeshMetric', root='mid_hip', joint_set='limbs_12')
train_dataloader = dict(
    dataset=dict(
        type='TrackDataset',
        reader=dict(type='NpzTrackReader', keypoints={tracks!r}),
        input_size={side},
    ),
    batch_size=2,
    min_steps_per_epoch=8,
)
train_cfg = dict(type='VideoAdaptLoop', max_epochs=2)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=2e-3))
hooks = dict(
    refresh=dict(type='RefreshHook'),
    metrics=dict(type='TrackMetricsHook'),
    result=dict(type='TrackResultHook'),
)
default_hooks = dict(checkpoint=None)
"""


@pytest.fixture
def adapt(tmp_path, dataset, film, monkeypatch):
    """``semtta adapt`` with lines added to the config."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    track = dataset[0].track
    save_track(tmp_path / 'tracks' / 'someone.npz', track)
    text = CONFIG.format(side=film.side, tracks=str(tmp_path / 'tracks'))

    def run(lines='', *options):
        base, path = tmp_path / 'gym_base.py', tmp_path / 'gym.py'
        base.write_text(text)
        path.write_text(f"_base_ = ['./gym_base.py']\n{lines}")
        work = tmp_path / 'out'
        arguments = [str(path), '--work-dir', str(work), *options]
        assert main(['adapt', *arguments, '--dry-run']) == 0
        assert main(['adapt', *arguments]) == 0
        return json.loads((work / 'metrics.json').read_text()), work

    return run


def errors(report):
    (track,) = report['tracks'].values()
    return track['before'], track['after']


def test_an_estimator_around_a_torch_module(adapt):
    report, work = adapt()
    assert report['estimator'] == 'gymlab.ColourEstimator'
    before, after = errors(report)
    assert after['reproj_px'] < before['reproj_px']
    with np.load(work / 'someone' / 'result.npz') as result:
        assert result['body_pose'].shape == (9, 69)


def test_a_loss(adapt):
    plain, _ = adapt()
    report, work = adapt(
        "model = dict(losses=dict(mine=dict(type='gymlab.ShapeAndHeightLoss',"
        ' loss_weight=100.0)))'
    )
    assert errors(report)[1] != errors(plain)[1]
    logs = [path.read_text() for path in work.rglob('*.log')]
    assert any('loss_mine' in text and 'outside_px' in text for text in logs)


METHOD = """
model = dict(
    _delete_=True,
    type='gymlab.CameraAdaptor',
    estimator=dict(type='gymlab.ColourEstimator', input_size=64),
    body=dict(type='SMPLBody'),
    losses=dict(keypoints=dict(type='Keypoint2DLoss')),
)
"""


def test_a_method_with_its_own_loop(adapt):
    loop = "train_cfg = dict(type='gymlab.InOrderLoop', steps=5)"
    report, _ = adapt(METHOD + loop)
    before, after = errors(report)
    assert after['reproj_px'] < before['reproj_px']
    (track,) = report['tracks'].values()
    assert len(track['epochs']) == 1  # the loop has one pass


def test_a_hook_without_its_capability_is_refused(adapt, capsys):
    with pytest.raises(AssertionError):
        adapt(METHOD + "hooks = dict(ema=dict(type='PoseBankEMAHook'))")
    error = capsys.readouterr().err
    assert 'PoseBankEMAHook: needs pose_bank' in error
    assert 'CameraAdaptor' in error


def test_a_labeler(adapt):
    _, work = adapt(
        "train_cfg = dict(labeler=dict(type='gymlab.HalvesLabeler'))"
    )
    labels = json.loads((work / 'someone' / 'labels.json').read_text())
    assert [span['dictionary_entry'] for span in labels] == [
        'walk',
        'wave a hand',
    ]
    assert labels[0]['source'] == 'gymlab'


def test_a_labeler_of_a_config_labels_a_video(adapt, dataset):
    _, work = adapt(
        "detector = dict(type='gymlab.PosterDetector', size=0.6)\n"
        "train_cfg = dict(labeler=dict(type='gymlab.HalvesLabeler'))",
        *('--video', str(dataset[0].track.video)),
        *('--cfg-options', 'train_dataloader.dataset.reader.fps=25'),
    )
    labels = json.loads((work / 'images_p0' / 'labels.json').read_text())
    assert labels[0]['source'] == 'gymlab'


def test_a_detector(adapt, dataset):
    images = dataset[0].track.video
    report, work = adapt(
        "detector = dict(type='gymlab.PosterDetector', size=0.6)",
        *('--video', str(images)),
        *('--cfg-options', 'train_dataloader.dataset.reader.fps=25'),
    )
    (name,) = report['tracks']
    assert name == 'images_p0'
    assert not (work / name / 'labels.json').exists()
    with np.load(work / name / 'result.npz') as result:
        assert (result['bank_source'] == 1).all()
    before, after = errors(report)
    assert before['mpjpe'] is None
    assert after['reproj_px'] < before['reproj_px']


def test_the_plan_needs_no_epochs(adapt):
    """A loop of one pass has none; ``--dry-run`` runs in every test here."""
    report, _ = adapt(
        METHOD + "train_cfg = dict(_delete_=True, type='gymlab.InOrderLoop')"
    )
    assert report['coverage']['frames'] == 9
