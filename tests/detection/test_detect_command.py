import cv2
import numpy as np
import pytest
from video_files import cut, noise_frame, write_film

from semtta_mm.commands import detect
from semtta_mm.commands.detect import (
    build_parser,
    chosen_frames,
    main,
    parse_frames,
)
from semtta_mm.datasets import load_track, video_info
from semtta_mm.detection import DetectionResult, Detector2D, Person
from semtta_mm.detection.frames import frame_rate
from semtta_mm.detection.people import Evidence
from semtta_mm.structures import PersonBoxes
from semtta_mm.utils import InputError


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        (None, None),
        ('5:9', slice(5, 9, None)),
        ('::2', slice(None, None, 2)),
        ('3:', slice(3, None, None)),
    ],
)
def test_frames_on_the_command_line(text, expected):
    assert parse_frames(text) == expected


def test_frames_by_time(video):
    options = ['--start', '0.1', '--every', '2', '--max-frames', '3']
    args = build_parser().parse_args([str(video), '--out', 'x', *options])
    assert chosen_frames(args) == slice(2, 8, 2)  # of 20 a second
    args = build_parser().parse_args([str(video), '--out', 'x'])
    assert chosen_frames(args) is None


@pytest.mark.parametrize('text', ['', '7', 'a:b', '1:2:3:4'])
def test_frames_that_are_no_slice(text):
    with pytest.raises(InputError, match='--frames: .* is no slice'):
        parse_frames(text)


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (
            ['{video}', '--frames', '1:', '--every', '2'],
            '--frames: and --start ...: are given',
        ),
        (['{video}', '--end', '-1'], "end: '-1' is no position"),
        (['no.mp4'], 'no.mp4: file: does not exist'),
        (
            ['{video}', '--frames', '9:3'],
            'frames: 9:3:1: is not a rising range',
        ),
        (['{video}', '--landmark-file', 'no.tflite'], 'no.tflite: file: does'),
        (['{video}', '--fps', '-1'], 'fps: is -1.0'),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    video, tmp_path, capsys, arguments, message
):
    arguments = [text.format(video=video) for text in arguments]
    assert main([*arguments, '--out', str(tmp_path / 'out')]) == 2
    error = capsys.readouterr().err
    assert error.startswith('error: ')
    assert message in error
    assert error.count('\n') == 1


class StillDetector(Detector2D):
    """Somebody who stands still in every frame."""

    def __init__(self, *args, **options):
        pass

    def settings(self):
        return {'type': 'still'}

    def detect(self, video, frames=None, progress=None, fps=None):
        info = video_info(video)
        ids = np.arange(info.frame_count)
        points = np.tile(np.linspace(10, 40, 17)[:, None], (len(ids), 1, 2))
        return DetectionResult(
            source=video.name,
            fps=frame_rate(video, info, fps),
            image_size=(info.width, info.height),
            convention='coco_17',
            searched=ids,
            frame_ids=ids,
            keypoints=points,
            scores=np.ones((len(ids), 17)),
            boxes=np.tile([5.0, 5, 45, 45], (len(ids), 1)),
        )


@pytest.fixture
def still(monkeypatch):
    """The detector's person is found, and nobody is searched."""

    def find(video, detector, finder, folder, stage, fps, frames):
        poses = detector.detect(video, frames, fps=fps)
        ones = np.ones(len(poses))
        boxes = PersonBoxes(0, poses.frame_ids, poses.boxes, ones)
        return [Person(0, boxes, poses, Evidence(1, 1, 1, 0, 0, 1))]

    monkeypatch.setattr(detect, 'BlazePoseDetector', StillDetector)
    monkeypatch.setattr(detect, 'find_people', find)


def test_notes_are_in_the_summary(tmp_path, capsys, still):
    whole = write_film(
        tmp_path / 'w.mp4', 90, fast_start=True, image=noise_frame
    )
    video = cut(whole, tmp_path / 'c.mp4', 0.5)
    assert main([str(video), '--out', str(tmp_path / 'out')]) == 0
    out = capsys.readouterr().out
    assert 'note: The file is cut off: ' in out


def test_images_without_a_rate(tmp_path, capsys, still):
    folder = tmp_path / 'images'
    folder.mkdir()
    for i in range(3):
        image = np.zeros((48, 64, 3), np.uint8)
        cv2.imwrite(str(folder / f'{i}.png'), image)
    for given, rate in ([], '30'), (['--fps', '12'], '12'):
        out = tmp_path / rate
        assert main([str(folder), '--out', str(out), *given]) == 0
        printed = capsys.readouterr().out
        note = 'note: A folder of images has no frame rate: 30 frames/s'
        assert (note in printed) == (not given)
        assert load_track(next(out.glob('*.npz'))).fps == float(rate)
