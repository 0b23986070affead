"""Ctrl-C ends a pool of processes soon and silently."""

import os
import signal
import subprocess
import sys
import textwrap
import time
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


@pytest.mark.parametrize('how', [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_parent(tmp_path, how):
    """No task goes on for nobody."""
    script = tmp_path / 'parent.py'
    script.write_text(
        textwrap.dedent("""
        import os, sys, time
        from pathlib import Path
        from semtta_mm.utils.worker_pool import worker_pool

        def work(path):
            Path(path).write_text(str(os.getpid()))
            time.sleep(120)

        if __name__ == '__main__':
            with worker_pool(1) as pool:
                pool.submit(work, sys.argv[1]).result()
        """)
    )
    note = tmp_path / 'pid'
    words = [sys.executable, str(script), str(note)]
    with subprocess.Popen(words) as parent:
        wait_for(lambda: note.is_file() and note.read_text())
        worker = int(note.read_text())
        parent.send_signal(how)
        parent.wait()
        wait_for(lambda: not is_running(worker))


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(process):
    """Also False for one that has ended and that nobody has waited for."""
    try:
        text = Path(f'/proc/{process}/stat').read_text()
    except FileNotFoundError:
        return False
    return text.rsplit(')', 1)[1].split()[0] != 'Z'
