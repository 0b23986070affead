"""Suppresses irrelevant messages of third-party packages."""

import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

TFLITE_DELEGATE = re.compile(
    rb'INFO: Created TensorFlow Lite XNNPACK delegate for CPU\.?\s*'
)
"""Written to stderr by the C++ code of ai-edge-litert, once per process."""

_STDERR = 2


def import_mmcv_transformer() -> None:
    """Import ``mmcv.cnn.bricks.transformer`` without its warning.

    mmcv-lite has no compiled operators and warns that the attention of
    Deformable DETR is absent, which no network of ours uses. Other warnings
    are not suppressed.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings(
            'ignore',
            message=r'Fail to import ``MultiScaleDeformableAttention``',
            category=UserWarning,
            module=r'mmcv\.cnn\.bricks\.transformer',
        )
        import_module('mmcv.cnn.bricks.transformer')


@contextmanager
def drop_stderr_lines(pattern: re.Pattern[bytes]) -> Iterator[None]:
    """Drop lines that C++ code writes to stderr inside the block.

    They bypass Python's ``sys.stderr``, so the file descriptor is
    redirected; all other lines are written when the block ends.

    Args:
        pattern: Matches a whole line.
    """
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(_STDERR)
    except OSError:  # a process without stderr
        yield
        return
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), _STDERR)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(kept, _STDERR)
            os.close(kept)
            file.seek(0)
            for line in file:
                if not pattern.fullmatch(line):
                    os.write(_STDERR, line)
