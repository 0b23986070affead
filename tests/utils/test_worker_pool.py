"""Ctrl-C ends a pool of processes soon and silently."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from semtta_mm.utils.worker_pool import worker_pool


def test_results_come_back():
    with worker_pool(2) as pool:
        assert list(pool.map(abs, [-1, 2])) == [1, 2]


def test_a_failing_body_cancels_what_has_not_started(tmp_path):
    files = [tmp_path / str(i) for i in range(50)]
    with pytest.raises(ZeroDivisionError), worker_pool(1) as pool:
        for file in files:
            pool.submit(Path.touch, file)
        raise ZeroDivisionError
    assert sum(file.exists() for file in files) < 10


def test_ctrl_c_in_a_terminal():
    """A terminal sends the signal to the workers, too."""
    code = """
        import signal
        # A shell starts background jobs, as of CI, with the signal ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        import time
        from semtta_mm.utils.command import one_line_errors
        from semtta_mm.utils.worker_pool import worker_pool

        @one_line_errors
        def main(argv=None):
            with worker_pool(2) as pool:
                pool.submit(abs, 1).result()
                print('ready', flush=True)
                for job in [pool.submit(time.sleep, 9) for _ in range(20)]:
                    job.result()
            return 0

        if __name__ == '__main__':
            raise SystemExit(main([]))
    """
    process = subprocess.Popen(
        [sys.executable, '-c', textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == 'ready\n'
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error == 'interrupted; the command did not finish\n'
