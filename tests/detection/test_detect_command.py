import pytest

from semtta_mm.commands.detect import (
    build_parser,
    chosen_frames,
    main,
    parse_frames,
)
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
