"""Scope ``mmhuman3d`` of mmengine's MODELS registry.

Our registry imports this file when a type ``mmhuman3d.X`` is built. A config
of another scope adds it to ``custom_imports``::

    custom_imports = dict(imports=['semtta_mm.compat.mmhuman3d_models'])

Types are mmhuman3d's class names; its HRNet is ``PoseHighResolutionNet``.
"""

from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import Registry

from .hybrik import any_device
from .mmhuman3d import import_mmhuman3d

LEAVES = {
    'models.backbones.resnet': ('ResNet', 'ResNetV1d', 'PoseResNet'),
    'models.backbones.hrnet': ('PoseHighResolutionNet',),
    'models.heads.hmr_head': ('HMRHead',),
    'models.heads.pare_head': ('PareHead',),
    'models.body_models.smpl': ('SMPL', 'GenderedSMPL', 'HybrIKSMPL'),
}


def _registry() -> Registry:
    # mmengine first tries ``mmhuman3d.registry``, which must fail as a
    # missing module and not by mmhuman3d's check of mmcv's version. So the
    # package is imported before.
    import_mmhuman3d()
    registry = Registry(
        'model',
        parent=MMENGINE_MODELS,
        scope='mmhuman3d',
        locations=[__name__],
    )
    for leaf, classes in LEAVES.items():
        module = import_mmhuman3d(leaf)
        for name in classes:
            registry.register_module(module=getattr(module, name))
    head = import_mmhuman3d('models.heads.hybrik_head').HybrIKHead
    registry.register_module(module=any_device(head))
    return registry


MODELS = _registry()
