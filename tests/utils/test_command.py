"""Bad input and Ctrl-C are one line each; bugs keep their traceback."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from semtta_mm.utils import (
    InputError,
    MissingDependencyError,
    NoPersonError,
)
from semtta_mm.utils.command import RESUME_OPTION, one_line_errors


def failing(error, **options):
    def main(argv=None):
        raise error

    return (
        one_line_errors(**options)(main) if options else one_line_errors(main)
    )


def test_nobody_in_a_video_is_no_failure(capsys):
    error = NoPersonError('a.mp4', 'people', 'none in 9 frames', 'wait')
    assert failing(error)([]) == 0
    captured = capsys.readouterr()
    assert captured.out == ''
    assert captured.err == (
        'nobody to adapt to: a.mp4: people: none in 9 frames. Fix: wait\n'
    )


@pytest.mark.parametrize(
    ('error', 'message'),
    [
        (
            InputError('[red]a.npz', 'file', 'is absent', 'write it'),
            'error: [red]a.npz: file: is absent. Fix: write it\n',
        ),
        (
            MissingDependencyError('x', 'convert', 'pip install x'),
            "error: convert needs 'x', which is not installed. Install it "
            'with: pip install x\n',
        ),
    ],
)
def test_bad_input(error, message, capsys):
    assert failing(error)([]) == 2
    captured = capsys.readouterr()
    assert (captured.err, captured.out) == (message, '')


def test_interrupted(capsys):
    assert failing(KeyboardInterrupt())([]) == 130
    assert capsys.readouterr().err == (
        'interrupted; the command did not finish\n'
    )
    again = failing(KeyboardInterrupt(), on_interrupt=RESUME_OPTION)
    assert again([]) == 130
    assert capsys.readouterr().err == (
        'interrupted; run the same command with --resume to continue\n'
    )


def test_bugs_keep_their_traceback():
    with pytest.raises(ZeroDivisionError):
        failing(ZeroDivisionError())([])


def test_ctrl_c_of_a_process():
    """A real signal, through both decorated functions."""
    code = """
        import signal
        # A shell starts background jobs, as of CI, with the signal ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        import sys, time, types
        from semtta_mm.commands import main as semtta
        from semtta_mm.utils.command import one_line_errors

        @one_line_errors(on_interrupt='start again')
        def slow(argv=None):
            print('ready', flush=True)
            time.sleep(60)
            return 0

        sys.modules['slow'] = types.SimpleNamespace(main=slow)
        semtta._ELSEWHERE['demo'] = 'slow'
        raise SystemExit(semtta.main(['demo']))
    """
    process = subprocess.Popen(
        [sys.executable, '-c', textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == 'ready\n'
    os.kill(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error == 'interrupted; start again\n'


def test_ctrl_c_that_a_package_took_for_another_error(capsys):
    """mmengine's Config makes a SyntaxError of it."""

    @one_line_errors(on_interrupt=RESUME_OPTION)
    def main(argv=None):
        try:
            raise KeyboardInterrupt
        except:  # noqa: E722
            raise SyntaxError('Failed to format the config file')  # noqa: B904

    assert main([]) == 130
    assert capsys.readouterr().err == f'interrupted; {RESUME_OPTION}\n'


def test_a_bug_keeps_its_traceback():
    @one_line_errors
    def main(argv=None):
        try:
            raise KeyError('a')
        except KeyError:
            raise RuntimeError('b') from None

    with pytest.raises(RuntimeError):
        main([])
