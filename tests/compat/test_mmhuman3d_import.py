"""Importing mmhuman3d leaves the requested modules and nothing else."""

import sys
import threading

import pytest

from semtta_mm.compat.mmhuman3d import import_mmhuman3d
from semtta_mm.utils import MissingDependencyError


def test_changes_are_undone(fresh_python):
    """Also when many threads import at once."""
    fresh_python("""
        import sys
        from concurrent.futures import ThreadPoolExecutor
        import mmcv, mmcv.cnn, mmcv.utils, mmengine, smplx, einops, scipy
        from mmengine.logging import MMLogger
        from semtta_mm.compat.mmhuman3d import import_mmhuman3d
        from semtta_mm.registry import MODELS

        def state():
            return {
                'mmcv': dict(vars(mmcv)),
                'mmcv.utils': dict(vars(mmcv.utils)),
                'modules': {
                    name: module for name, module in sys.modules.items()
                    if name.startswith(('mmcv', 'mmdet', 'pytorch3d'))
                },
                'meta_path': list(sys.meta_path),
            }

        assert 'mmhuman3d' not in sys.modules
        before = state()
        leaves = ['models.backbones.hrnet', 'models.heads.pare_head',
                  'models.body_models.smpl', 'utils.transforms'] * 2
        with ThreadPoolExecutor(8) as pool:
            modules = list(pool.map(import_mmhuman3d, leaves))
        assert modules[:4] == modules[4:]
        head = MODELS.build(dict(type='mmhuman3d.HMRHead', feat_dim=8))
        assert 'mmhuman3d.models.heads.hmr_head' in sys.modules
        after = state()
        for name in before:
            assert after[name] == before[name], name
        assert mmcv.__version__ == '2.2.0'
        # It would become mmengine's current logger.
        assert not MMLogger.check_instance_created('mmhuman3d')

        for gone in ('mmcv.runner', 'pytorch3d.transforms'):
            try:
                __import__(gone)
            except ModuleNotFoundError:
                continue
            raise AssertionError(gone)
        import mmpose  # it asserts mmcv's version too
    """)


def test_a_failing_import_is_undone_too():
    """Builders are not supported: they need the 1.x runtime."""
    import mmcv
    import mmcv.utils

    version = mmcv.__version__
    with pytest.raises(ImportError, match='Registry'):
        import_mmhuman3d('models.heads.builder')
    assert mmcv.__version__ == version
    assert not hasattr(mmcv.utils, 'print_log')
    assert 'mmcv.runner' not in sys.modules


def test_stand_ins_of_threads_do_not_overlap():
    """The lock is held while mmcv is importable as 1.x."""
    from semtta_mm.compat.mmcv1 import mmcv1_names
    from semtta_mm.compat.temporary import IMPORT_LOCK

    def try_lock():
        taken.append(IMPORT_LOCK.acquire(blocking=False))

    taken = []
    with mmcv1_names():
        thread = threading.Thread(target=try_lock)
        thread.start()
        thread.join()
    assert taken == [False]


def test_the_error_without_mmhuman3d_gives_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, 'mmhuman3d', None)
    with pytest.raises(MissingDependencyError, match='semtta install-mm'):
        import_mmhuman3d('models.heads.hmr_head')
