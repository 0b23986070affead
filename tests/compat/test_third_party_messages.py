"""The two messages are suppressed, and no others."""

import os
import subprocess
import sys
import textwrap
import warnings

import pytest

from semtta_mm.compat.third_party_messages import (
    TFLITE_DELEGATE,
    drop_stderr_lines,
    import_mmcv_transformer,
)

DELEGATE = b'INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n'


def stderr_of(code):
    done = subprocess.run(
        [sys.executable, '-c', textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_importing_mmpose_prints_nothing():
    code = """
        from semtta_mm.setup_env import register_all_modules
        from semtta_mm.compat.scopes import open_bridge
        register_all_modules()
        open_bridge('mmpose')
        open_bridge('mmhuman3d')
    """
    assert stderr_of(code) == ''


def test_the_warning_is_that_of_mmcv():
    """Without our function it is printed, so the test above can fail."""
    assert 'MultiScaleDeformableAttention' in stderr_of(
        'import mmcv.cnn.bricks.transformer'
    )


def test_warning_filters_are_restored():
    before = list(warnings.filters)
    import_mmcv_transformer()
    assert warnings.filters == before


def test_one_line_is_dropped_others_pass(capfd):
    with drop_stderr_lines(TFLITE_DELEGATE):
        os.write(2, b'ERROR: a real one\n' + DELEGATE)
        os.write(2, b'INFO: Created something else\nno end of line')
    os.write(2, DELEGATE)
    assert capfd.readouterr().err == (
        'ERROR: a real one\nINFO: Created something else\n'
        f'no end of line{DELEGATE.decode()}'
    )


def test_lines_pass_if_the_block_fails(capfd):
    with pytest.raises(ValueError, match='no model'):  # noqa: SIM117
        with drop_stderr_lines(TFLITE_DELEGATE):
            os.write(2, DELEGATE + b'reason\n')
            raise ValueError('no model')
    os.write(2, b'after\n')
    assert capfd.readouterr().err == 'reason\nafter\n'


def test_a_process_without_stderr():
    done = subprocess.run(
        [
            *('bash', '-c', '"$0" -c "$1" 2>&-', sys.executable),
            'from semtta_mm.compat.third_party_messages import *\n'
            'with drop_stderr_lines(TFLITE_DELEGATE): print("ran")',
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == 'ran\n'
