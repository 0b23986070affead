"""Registries of the scope ``gymlab``, children of mmengine's."""

from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import TASK_UTILS as MMENGINE_TASK_UTILS
from mmengine.registry import Registry

MODELS = Registry('model', parent=MMENGINE_MODELS, scope='gymlab')
LOOPS = Registry('loop', parent=MMENGINE_LOOPS, scope='gymlab')
TASK_UTILS = Registry('task util', parent=MMENGINE_TASK_UTILS, scope='gymlab')
