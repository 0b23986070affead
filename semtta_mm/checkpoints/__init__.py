"""Reads checkpoints of other projects safely, and writes our own.

No code of a file is imported or executed. The package imports ``utils`` and
no other part of semtta_mm, so that every part may use it.

- Pickles: ``unpickler.py`` and the policies of ``plain_data.py``,
  ``smpl_pickles.py``, ``torch_files.py`` and ``torchscript.py``.
- Names of public checkpoints: ``layouts/``, ``movenet.py``,
  ``mmengine_checkpoints.py``.
- Our own weights: ``weights.py`` loads, ``publishing.py`` writes,
  ``shipped.py`` reads the manifest.
"""

from .layouts import CheckpointLayout
from .shipped import ShippedWeights, shipped_weights
from .weights import load_weights, read_weights

__all__ = [
    'CheckpointLayout',
    'ShippedWeights',
    'load_weights',
    'read_weights',
    'shipped_weights',
]
