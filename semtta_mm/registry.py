"""Registries of semtta_mm: children of mmengine's, under one scope.

mmengine imports this very file (``{scope}.registry``) when
``default_scope='semtta_mm'``; each registry then imports its ``locations``
on the first look-up, so no ``custom_imports`` is needed. A config of another
scope adds ``custom_imports=dict(imports=['semtta_mm.registry'])`` and writes
``type='semtta_mm.X'``.
"""

from mmengine.registry import DATA_SAMPLERS as MMENGINE_DATA_SAMPLERS
from mmengine.registry import DATASETS as MMENGINE_DATASETS
from mmengine.registry import EVALUATOR as MMENGINE_EVALUATOR
from mmengine.registry import FUNCTIONS as MMENGINE_FUNCTIONS
from mmengine.registry import HOOKS as MMENGINE_HOOKS
from mmengine.registry import INFERENCERS as MMENGINE_INFERENCERS
from mmengine.registry import LOG_PROCESSORS as MMENGINE_LOG_PROCESSORS
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import METRICS as MMENGINE_METRICS
from mmengine.registry import MODEL_WRAPPERS as MMENGINE_MODEL_WRAPPERS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import (
    OPTIM_WRAPPER_CONSTRUCTORS as MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS,
)
from mmengine.registry import OPTIM_WRAPPERS as MMENGINE_OPTIM_WRAPPERS
from mmengine.registry import OPTIMIZERS as MMENGINE_OPTIMIZERS
from mmengine.registry import PARAM_SCHEDULERS as MMENGINE_PARAM_SCHEDULERS
from mmengine.registry import (
    RUNNER_CONSTRUCTORS as MMENGINE_RUNNER_CONSTRUCTORS,
)
from mmengine.registry import RUNNERS as MMENGINE_RUNNERS
from mmengine.registry import STRATEGIES as MMENGINE_STRATEGIES
from mmengine.registry import TASK_UTILS as MMENGINE_TASK_UTILS
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import VISBACKENDS as MMENGINE_VISBACKENDS
from mmengine.registry import VISUALIZERS as MMENGINE_VISUALIZERS
from mmengine.registry import (
    WEIGHT_INITIALIZERS as MMENGINE_WEIGHT_INITIALIZERS,
)
from mmengine.registry import Registry

from .compat.scopes import BridgedRegistry

MODELS = BridgedRegistry(
    'model', parent=MMENGINE_MODELS, locations=['semtta_mm.models']
)
DATASETS = Registry(
    'dataset',
    parent=MMENGINE_DATASETS,
    locations=[
        'semtta_mm.datasets',
        'semtta_mm.training_data',
    ],
)
TRANSFORMS = Registry(
    'transform',
    parent=MMENGINE_TRANSFORMS,
    locations=['semtta_mm.datasets', 'semtta_mm.training_data'],
)
METRICS = Registry(
    'metric', parent=MMENGINE_METRICS, locations=['semtta_mm.evaluation']
)
# Track readers and 2D detectors.
TASK_UTILS = Registry(
    'task util',
    parent=MMENGINE_TASK_UTILS,
    locations=[
        'semtta_mm.datasets',
        'semtta_mm.detection',
        'semtta_mm.labeling',
    ],
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
PARAM_SCHEDULERS = Registry(
    'parameter scheduler',
    parent=MMENGINE_PARAM_SCHEDULERS,
    locations=['semtta_mm.engine'],
)
HOOKS = Registry('hook', parent=MMENGINE_HOOKS, locations=['semtta_mm.engine'])
# Writers of export formats: `write_NAME` writes the format NAME.
FUNCTIONS = Registry(
    'function', parent=MMENGINE_FUNCTIONS, locations=['semtta_mm.export']
)
INFERENCERS = Registry(
    'inferencer', parent=MMENGINE_INFERENCERS, locations=['semtta_mm.apis']
)

# Nothing of ours is in these; without them mmengine warns at each look-up.
EVALUATOR = Registry('evaluator', parent=MMENGINE_EVALUATOR)
LOG_PROCESSORS = Registry('log processor', parent=MMENGINE_LOG_PROCESSORS)
MODEL_WRAPPERS = Registry('model wrapper', parent=MMENGINE_MODEL_WRAPPERS)
OPTIM_WRAPPER_CONSTRUCTORS = Registry(
    'optimizer wrapper constructor', parent=MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS
)
OPTIM_WRAPPERS = Registry('optim_wrapper', parent=MMENGINE_OPTIM_WRAPPERS)
OPTIMIZERS = Registry('optimizer', parent=MMENGINE_OPTIMIZERS)
RUNNER_CONSTRUCTORS = Registry(
    'runner constructor', parent=MMENGINE_RUNNER_CONSTRUCTORS
)
STRATEGIES = Registry('strategy', parent=MMENGINE_STRATEGIES)
VISBACKENDS = Registry('vis_backend', parent=MMENGINE_VISBACKENDS)
WEIGHT_INITIALIZERS = Registry(
    'weight initializer', parent=MMENGINE_WEIGHT_INITIALIZERS
)
