import subprocess
import sys
import textwrap

import pytest


@pytest.fixture
def fresh_python(tmp_path):
    """Run code in a new interpreter, in an empty folder of its own."""

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, '-W', 'ignore', '-c', textwrap.dedent(code)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
