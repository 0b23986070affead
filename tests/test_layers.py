"""The lower packages import nothing above themselves."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import semtta_mm

ROOT = Path(semtta_mm.__file__).parent
LAYERS = {
    'utils': {'utils', 'version'},
    'checkpoints': {'checkpoints', 'utils'},
    'geometry': {'geometry', 'utils'},
    'compat': {'compat', 'checkpoints', 'geometry', 'utils'},
    'registry': {'compat'},
    'setup_env': {'compat', 'registry'},
}
"""Package or module to the parts of semtta_mm that it may import."""

NEEDED = {'mmengine', 'numpy', 'safetensors', 'torch'}
"""Packages that the readers of tensors may import."""


def imported(path: Path) -> Iterator[str]:
    """Absolute names of all imports of a file, also inside functions."""
    package = ['semtta_mm', *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text('utf-8'))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level]
            parts = [*base, *filter(None, [node.module])]
            parent = '.'.join(parts) if node.level else str(node.module)
            yield from (f'{parent}.{alias.name}' for alias in node.names)


def files(layer: str) -> list[Path]:
    single = ROOT / f'{layer}.py'
    return [single] if single.is_file() else list((ROOT / layer).rglob('*.py'))


@pytest.mark.parametrize('layer', LAYERS)
def test_imports_go_down(layer):
    names = [(path, name) for path in files(layer) for name in imported(path)]
    assert names
    for path, name in names:
        parts = name.split('.')
        if parts[0] == 'semtta_mm':
            assert parts[1] in LAYERS[layer], f'{path}: {name}'


def test_readers_of_tensors_need_few_packages():
    for path in files('checkpoints'):
        for name in imported(path):
            top = name.split('.')[0]
            known = {'semtta_mm'} | NEEDED | sys.stdlib_module_names
            assert top in known, f'{path}: {name}'
