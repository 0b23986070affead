"""mmhuman3d 0.11.0 under mmcv 2.x and mmengine, without pytorch3d.

mmhuman3d was written for mmcv 1.x, which cannot be installed together with
mmengine. Its leaf modules need a few names that moved; they are provided
while a leaf module is imported, and removed afterwards. Builders,
architectures, datasets and visualization are not supported: they need the
removed 1.x runtime, pytorch3d or both.

By config: ``dict(type='mmhuman3d.HMRHead', ...)``, see ``mmhuman3d_models``.
"""

from importlib import import_module
from types import ModuleType

from ..utils import INSTALL_MM, MissingDependencyError
from .temporary import is_installed


def import_mmhuman3d(name: str = '') -> ModuleType:
    """Import a leaf module of mmhuman3d.

    Usable leaves: ``models.backbones.{resnet,hrnet}``,
    ``models.heads.{hmr_head,pare_head,hybrik_head}``,
    ``models.body_models.smpl``, ``core.conventions.keypoints_mapping``
    (``convert_kps`` and its 43 conventions), ``utils.{geometry,transforms}``,
    ``data.data_structures.human_data`` (``HumanData``).

    Args:
        name: Dotted name inside ``mmhuman3d``; empty for the package.

    Returns:
        The imported module. mmcv, ``sys.modules`` and ``mmcv.__version__``
        are as before the call, except for modules that the leaf imports.

    Raises:
        MissingDependencyError: If mmhuman3d is not installed.
    """
    if not is_installed('mmhuman3d'):
        raise MissingDependencyError(
            'mmhuman3d', f'mmhuman3d.{name}'.rstrip('.'), INSTALL_MM
        )
    from .mmcv1 import mmcv1_names

    # Third-party modules must be imported without the stand-ins.
    for module in ('smplx', 'einops'):
        import_module(module)
    with mmcv1_names():
        return import_module(f'mmhuman3d.{name}'.rstrip('.'))
