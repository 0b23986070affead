import numpy as np

from semtta_mm.apis import demo
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError
from semtta_mm.visualization import VideoWriter


def test_crop_sheet_shows_each_track_in_a_row(tmp_path):
    """Frame t is a grey image of value 10 t, so is its crop."""
    path = tmp_path / 'a.mp4'
    with VideoWriter(path, fps=30) as writer:
        for t in range(20):
            writer.write(np.full((64, 64, 3), 10 * t, np.uint8))
    tracks = [
        PersonTrack(
            name=name,
            frame_ids=np.arange(20),
            fps=30,
            boxes=np.tile([16.0, 16, 48, 48], (20, 1)),
            keypoints=np.full((20, 12, 2), 30.0),
            scores=np.ones((20, 12)),
            convention='limbs_12',
            video=path,
        )
        for name in ('a', 'b')
    ]
    sheet = demo.crop_sheet(tracks)
    assert sheet.shape == (2 * 224, demo.CROPS_SHOWN * 224, 3)
    middles = sheet[112, 112::224, 0]
    chosen = np.linspace(0, 19, demo.CROPS_SHOWN).astype(int)
    np.testing.assert_allclose(middles, 10 * chosen, atol=8)
    np.testing.assert_array_equal(sheet[:224], sheet[224:])


def test_without_a_network_the_reason_is_one_line(
    tmp_path, monkeypatch, capsys
):
    def offline(name):
        raise InputError(name, 'download', 'failed', 'connect once')

    monkeypatch.setattr(demo, 'fetch_known', offline)
    arguments = ['--out', str(tmp_path), '--cameras', 'cam02']
    assert demo.main(arguments) == 2
    assert capsys.readouterr().err.splitlines() == [
        'error: pose2sim/cam02.mp4: download: failed. Fix: connect once'
    ]
