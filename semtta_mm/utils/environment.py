"""Versions and hardware that a result was measured with."""

from __future__ import annotations

import platform
import resource
import sys
from typing import Any

import numpy as np
import torch

from ..version import __version__


def environment() -> dict[str, Any]:
    """Versions and hardware, for ``metrics.json``; no host names."""
    cuda = torch.cuda.is_available()
    return {
        'semtta_mm': __version__,
        'python': platform.python_version(),
        'torch': torch.__version__,
        'numpy': np.__version__,
        'platform': platform.system(),
        'machine': platform.machine(),
        'threads': torch.get_num_threads(),
        'device': torch.cuda.get_device_name() if cuda else 'cpu',
    }


def peak_memory_mb() -> float:
    """Peak memory of this process, MB; that of the GPU if there is one."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 1e6
    # Linux counts kilobytes, macOS bytes.
    unit = 1e6 if sys.platform == 'darwin' else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
