"""Registries of semtta_mm: children of mmengine's, under one scope.

mmengine imports this very file (``{scope}.registry``) when
``default_scope='semtta_mm'``; each registry then imports its ``locations``
on the first look-up, so no ``custom_imports`` is needed. A config of another
scope adds ``custom_imports=dict(imports=['semtta_mm.registry'])`` and writes
``type='semtta_mm.X'``.
"""

from mmengine.registry import DATA_SAMPLERS as MMENGINE_DATA_SAMPLERS
from mmengine.registry import DATASETS as MMENGINE_DATASETS
from mmengine.registry import HOOKS as MMENGINE_HOOKS
from mmengine.registry import INFERENCERS as MMENGINE_INFERENCERS
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import METRICS as MMENGINE_METRICS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import RUNNERS as MMENGINE_RUNNERS
from mmengine.registry import TASK_UTILS as MMENGINE_TASK_UTILS
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import VISUALIZERS as MMENGINE_VISUALIZERS
from mmengine.registry import Registry

from .compat.scopes import BridgedRegistry

MODELS = BridgedRegistry(
    'model', parent=MMENGINE_MODELS, locations=['semtta_mm.models']
)
DATASETS = Registry(
    'dataset', parent=MMENGINE_DATASETS, locations=['semtta_mm.datasets']
)
TRANSFORMS = Registry(
    'transform', parent=MMENGINE_TRANSFORMS, locations=['semtta_mm.datasets']
)
METRICS = Registry(
    'metric', parent=MMENGINE_METRICS, locations=['semtta_mm.evaluation']
)
# Track readers and 2D detectors.
TASK_UTILS = Registry(
    'task util',
    parent=MMENGINE_TASK_UTILS,
    locations=['semtta_mm.datasets', 'semtta_mm.detection'],
)
VISUALIZERS = Registry(
    'visualizer',
    parent=MMENGINE_VISUALIZERS,
    locations=['semtta_mm.visualization'],
)
DATA_SAMPLERS = Registry(
    'data sampler',
    parent=MMENGINE_DATA_SAMPLERS,
    locations=['semtta_mm.datasets'],
)
RUNNERS = Registry(
    'runner', parent=MMENGINE_RUNNERS, locations=['semtta_mm.engine']
)
LOOPS = Registry('loop', parent=MMENGINE_LOOPS, locations=['semtta_mm.engine'])
HOOKS = Registry('hook', parent=MMENGINE_HOOKS, locations=['semtta_mm.engine'])
INFERENCERS = Registry(
    'inferencer', parent=MMENGINE_INFERENCERS, locations=['semtta_mm.apis']
)
