"""Our types are found from our scope and from a foreign one."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import semtta_mm.registry
from semtta_mm.registry import MODELS, Registry

OWN_SCOPE = """
    default_scope = 'semtta_mm'
    body = dict(type='SMPLBody')
"""
FOREIGN_SCOPE = """
    default_scope = 'mmengine'
    custom_imports = dict(
        imports=['semtta_mm.registry'], allow_failed_imports=False
    )
    body = dict(type='semtta_mm.SMPLBody')
"""
BUILD = """
    import sys
    from mmengine.config import Config
    from mmengine.registry import MODELS, DefaultScope

    cfg = Config.fromfile(sys.argv[1])
    with DefaultScope.overwrite_default_scope(cfg.default_scope):
        body = MODELS.build(cfg.body)
    assert 'mmhuman3d' not in sys.modules
    assert 'mmpose' not in sys.modules
    sys.stdout.write(type(body).__module__)
"""


@pytest.mark.parametrize('config', [OWN_SCOPE, FOREIGN_SCOPE])
def test_scopes_in_a_fresh_process(tmp_path: Path, config: str):
    """mmengine's root registry finds us; nothing of ours is imported."""
    path = tmp_path / 'config.py'
    path.write_text(textwrap.dedent(config))
    done = subprocess.run(
        [sys.executable, '-c', textwrap.dedent(BUILD), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('semtta_mm.models.bodies')


def test_every_registry_has_our_scope_and_a_parent():
    ours = [
        value
        for value in vars(semtta_mm.registry).values()
        if isinstance(value, Registry) and value.scope == 'semtta_mm'
    ]
    assert MODELS in ours
    for registry in ours:
        assert registry.parent is not None
        assert registry.parent.scope == 'mmengine'


def test_a_plain_runner_finds_mmengines_parts_without_a_warning(tmp_path):
    """Every root registry has a child of ours, so nothing falls back."""
    import mmengine.registry

    for name, root in vars(mmengine.registry).items():
        if isinstance(root, Registry) and root.scope == 'mmengine':
            child = getattr(semtta_mm.registry, name, None)
            assert child is not None, name
            assert child.scope == 'semtta_mm'
            child.import_from_location()
