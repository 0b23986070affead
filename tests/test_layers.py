"""What each package may import: a strict order without circles."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import semtta_mm

ROOT = Path(semtta_mm.__file__).parent

CORE = 'conventions geometry registry structures utils'
LAYERS: dict[str, str] = {
    'version': '',
    'utils': 'version',
    'conventions': 'utils',
    'checkpoints': 'utils',
    'geometry': 'conventions utils',
    'compat': 'checkpoints geometry utils',
    'registry': 'compat',
    'setup_env': 'compat registry',
    'structures': 'conventions geometry utils',
    'datasets': f'{CORE} checkpoints',
    'models': f'{CORE} checkpoints compat datasets',
    # Data sets of the trainers; datasets itself does not import them.
    'training_data': f'{CORE} checkpoints compat datasets models',
    'labeling': f'{CORE} datasets models',
    'detection': f'{CORE} checkpoints compat datasets',
    'visualization': f'{CORE} datasets',
    'evaluation': f'{CORE} datasets models',
    'export': f'{CORE} datasets models visualization',
    'engine': f'{CORE} checkpoints datasets models labeling visualization'
    ' evaluation export',
    'apis': f'{CORE} checkpoints compat setup_env version datasets'
    ' training_data models labeling detection visualization evaluation'
    ' export engine',
    'experiments': f'{CORE} checkpoints setup_env datasets models labeling'
    ' visualization evaluation export engine apis',
    'synthetic': f'{CORE} version datasets training_data models detection'
    ' visualization',
    'diagnosis': f'{CORE} datasets training_data models evaluation',
    'preparation': f'{CORE} checkpoints datasets training_data models'
    ' detection',
    'commands': f'{CORE} version checkpoints compat setup_env datasets'
    ' training_data models labeling detection visualization evaluation'
    ' export engine apis experiments synthetic diagnosis preparation',
}
"""Package or module to the others it may import, the lowest first."""

OFFLINE = {
    'synthetic',
    'preparation',
    'diagnosis',
    'experiments',
    'commands',
}
"""Packages that adapting and testing do not need."""

NEEDED = {'mmengine', 'numpy', 'safetensors', 'torch'}
"""Packages that the readers of tensors may import."""


def module_name(path: Path) -> str:
    """Name below ``semtta_mm``, e.g. ``models.bodies``; empty for itself."""
    parts = path.relative_to(ROOT).with_suffix('').parts
    return '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)


MODULES = {module_name(path): path for path in ROOT.rglob('*.py')}


def full_names(path: Path, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Absolute names that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    package = ['semtta_mm', *path.relative_to(ROOT).parts[:-1]]
    base = package[: len(package) + 1 - node.level] if node.level else []
    parent = '.'.join([*base, *filter(None, [node.module])])
    yield from (f'{parent}.{alias.name}' for alias in node.names)


def imported(path: Path) -> Iterator[str]:
    """Absolute names of all imports of a file, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text('utf-8'))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from full_names(path, node)


def own(names: Iterator[str]) -> set[str]:
    """Those of semtta_mm, as modules below it."""
    found = set()
    for name in names:
        package, _, rest = name.partition('.')
        if package == 'semtta_mm':
            while rest and rest not in MODULES:
                rest = rest.rpartition('.')[0]
            found.add(rest)
    return found - {''}


def layer_of(module: str) -> str:
    """The longest entry of the table that a module is in."""
    parts = module.split('.')
    names = ['.'.join(parts[:n]) for n in range(len(parts), 0, -1)]
    return next(name for name in names if name in LAYERS)


def layer_modules(layer: str) -> list[str]:
    return [name for name in MODULES if name and layer_of(name) == layer]


def import_time(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run when a module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and 'TYPE_CHECKING' in ast.unparse(
            node.test
        ):
            yield from import_time(ast.Module(node.orelse, []))
        else:
            yield from import_time(node)


def test_table_is_an_order_of_all_packages():
    lower: set[str] = set()
    for layer, others in LAYERS.items():
        assert set(others.split()) <= lower, layer
        lower.add(layer)
    assert {name.split('.')[0] for name in MODULES if name} <= lower


def test_run_time_packages_do_not_need_the_others():
    for layer in set(LAYERS) - OFFLINE:
        assert not set(LAYERS[layer].split()) & OFFLINE, layer
    assert all('commands' not in x.split() for x in LAYERS.values())


@pytest.mark.parametrize('layer', LAYERS)
def test_imports_go_down(layer):
    allowed = {layer, *LAYERS[layer].split()}
    for module in layer_modules(layer):
        for name in own(imported(MODULES[module])):
            assert layer_of(name) in allowed, f'{module}: {name}'


def test_no_circle_of_imports_between_files():
    graph = {
        module: own(
            name
            for node in import_time(ast.parse(path.read_text('utf-8')))
            for name in full_names(path, node)
        )
        for module, path in MODULES.items()
    }
    assert any(graph.values())
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_readers_of_tensors_need_few_packages():
    for module in layer_modules('checkpoints'):
        for name in imported(MODULES[module]):
            top = name.split('.')[0]
            known = {'semtta_mm'} | NEEDED | sys.stdlib_module_names
            assert top in known, f'{module}: {name}'


def test_importing_the_apis_loads_no_offline_package():
    code = 'import sys, semtta_mm.apis; print(*sys.modules)'
    done = subprocess.run(
        [sys.executable, '-c', code],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {
        x.split('.')[1] for x in done.stdout.split() if 'semtta_mm.' in x
    }
    assert 'apis' in loaded
    assert not loaded & OFFLINE
