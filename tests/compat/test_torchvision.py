import sys

import pytest

from semtta_mm.compat.torchvision import ensure_torchvision


def test_any_build_of_torchvision_imports_and_runs(fresh_python):
    """Also the CUDA build beside a CPU build of torch; mmengine agrees."""
    fresh_python("""
        import torch
        from semtta_mm.compat.torchvision import ensure_torchvision
        assert ensure_torchvision() is True
        assert ensure_torchvision() is True
        import torchvision
        network = torchvision.models.resnet18().eval()
        assert network(torch.zeros(1, 3, 64, 64)).shape == (1, 1000)
        from mmengine.utils.dl_utils import collect_env
        assert collect_env()['TorchVision'] == torchvision.__version__
    """)


def test_working_and_otherwise_broken_builds_are_not_changed(
    tmp_path, fresh_python
):
    package = tmp_path / 'torchvision'
    package.mkdir()
    (package / '__init__.py').write_text(
        "import broken\nif broken.YES: raise RuntimeError('by a test')"
    )
    (tmp_path / 'broken.py').write_text('YES = True')
    fresh_python("""
        import broken, torch
        from semtta_mm.compat.torchvision import ensure_torchvision
        try:
            ensure_torchvision()
        except RuntimeError as error:
            assert str(error) == 'by a test'
        else:
            raise AssertionError('the failure was hidden')
        broken.YES = False
        assert ensure_torchvision() is True
        assert not hasattr(torch.ops.torchvision, 'nms')
    """)


def test_a_missing_torchvision_is_reported(monkeypatch):
    monkeypatch.setitem(sys.modules, 'torchvision', None)
    assert ensure_torchvision() is False


@pytest.mark.parametrize('name', ['nms', 'qnms'])
def test_only_the_known_error_is_handled(name):
    from semtta_mm.compat import torchvision

    message = f'operator torchvision::{name} does not exist'
    assert torchvision._SYMPTOM.search(message)
    assert not torchvision._SYMPTOM.search('operator aten::add does not exist')
