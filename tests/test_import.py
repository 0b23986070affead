"""Importing semtta_mm needs the core alone and pulls in nothing else."""

import pkgutil
import subprocess
import sys
import textwrap

import semtta_mm

LAZY = (
    'mmpose',
    'mmhuman3d',
    'mmdet',
    'torchvision',
    'matplotlib',
    'transformers',
    'ai_edge_litert',
    'mediapipe',
    'trimesh',
    'rerun',
    'anny',
    'httpx',
    'tensorboard',
    'pytest',
)

IMPORT_ALL = """
    import importlib
    import sys

    LAZY = set(sys.argv[1].split(','))

    asked = set()

    def asker():
        frame = sys._getframe(2)
        while 'importlib' in frame.f_code.co_filename:
            frame = frame.f_back
        return frame.f_globals['__name__']

    class Blocker:
        def find_spec(self, name, path=None, target=None):
            if name.split('.')[0] in LAZY:
                asked.add((name, asker()))
                raise ModuleNotFoundError(f'{name} is blocked', name=name)

    sys.meta_path.insert(0, Blocker())
    for module in sys.argv[2].split(','):
        importlib.import_module(module)
    # mmengine registers its optimizers.
    asked.discard(('transformers', 'mmengine.optim.optimizer.builder'))
    assert not asked, asked
"""

REGISTERS_MMHUMAN3D = 'semtta_mm.compat.mmhuman3d_models'
"""Only imported when such a type is asked for: that is its purpose."""


def modules():
    found = pkgutil.walk_packages(semtta_mm.__path__, 'semtta_mm.')
    return [m.name for m in found if m.name != REGISTERS_MMHUMAN3D]


def test_packages_are_found():
    assert {
        'semtta_mm.registry',
        'semtta_mm.compat.mmpose',
        'semtta_mm.models.estimators.hmr',
    } <= set(modules())


def test_no_optional_package_is_needed_or_even_tried():
    arguments = [','.join(LAZY), ','.join(['semtta_mm', *modules()])]
    done = subprocess.run(
        [sys.executable, '-c', textwrap.dedent(IMPORT_ALL), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
