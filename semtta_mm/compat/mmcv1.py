"""The few names of mmcv 1.x that mmhuman3d's leaf modules import.

Each one is the object that mmcv's authors moved to mmengine. It is available
under its old name inside a block only.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

import mmcv
import mmcv.cnn  # before mmcv's version is hidden
import mmcv.utils
from mmengine.logging import print_log
from mmengine.model import BaseModule, ModuleList, Sequential

from . import pytorch3d_transforms
from .temporary import (
    IMPORT_LOCK,
    is_installed,
    stand_in,
    temporary_attributes,
    temporary_modules,
)

NEWEST_MMCV_1 = '1.6.1'
"""Newest version that ``mmhuman3d/__init__.py`` of 0.11.0 accepts."""


def _get_logger(name: str, *_: Any) -> logging.Logger:
    """Mmcv's ``get_logger(name, log_file, log_level)``.

    A plain logger: a new ``MMLogger`` would become mmengine's current one
    and redirect the messages of other modules.
    """
    return logging.getLogger(name)


def _modules() -> dict[str, ModuleType]:
    base = stand_in('mmcv.runner.base_module', BaseModule=BaseModule)
    runner = stand_in(
        'mmcv.runner',
        base_module=base,
        BaseModule=BaseModule,
        ModuleList=ModuleList,
        Sequential=Sequential,
    )
    modules = {runner.__name__: runner, base.__name__: base}
    if not is_installed('pytorch3d'):
        modules['pytorch3d'] = stand_in('pytorch3d')
        modules['pytorch3d.transforms'] = pytorch3d_transforms
    return modules


@contextmanager
def mmcv1_names() -> Iterator[None]:
    """Make mmcv importable as version 1.x inside the block."""
    names = {'get_logger': _get_logger, 'print_log': print_log}
    with ExitStack() as stack:
        stack.enter_context(IMPORT_LOCK)
        stack.enter_context(temporary_modules(_modules()))
        stack.enter_context(
            temporary_attributes(mmcv, {'__version__': NEWEST_MMCV_1})
        )
        stack.enter_context(temporary_attributes(mmcv.utils, names))
        yield
