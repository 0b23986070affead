import sys
from types import ModuleType

import pytest

from semtta_mm.compat.temporary import (
    is_installed,
    stand_in,
    temporary_attributes,
    temporary_modules,
)


def test_modules_are_removed(monkeypatch):
    monkeypatch.setitem(sys.modules, 'semtta_blocked', None)
    old = stand_in('semtta_old')
    monkeypatch.setitem(sys.modules, 'semtta_old', old)
    names = ('semtta_old', 'semtta_new', 'semtta_blocked')
    with (
        pytest.raises(KeyError),
        temporary_modules({name: stand_in(name, x=1) for name in names}),
    ):
        import semtta_new

        assert semtta_new.x == 1
        assert sys.modules['semtta_old'] is not old
        raise KeyError
    assert sys.modules['semtta_old'] is old
    assert sys.modules['semtta_blocked'] is None
    assert 'semtta_new' not in sys.modules


def test_attributes_are_restored():
    module = ModuleType('m')
    module.kept = 1
    with temporary_attributes(module, {'kept': 2, 'new': 3}):
        assert (module.kept, module.new) == (2, 3)
    assert module.kept == 1
    assert not hasattr(module, 'new')


def test_is_installed(monkeypatch):
    assert is_installed('torch')
    assert not is_installed('semtta_nowhere')
    assert not is_installed('semtta_nowhere.deep')
    monkeypatch.setitem(sys.modules, 'mmpose', None)
    assert not is_installed('mmpose')
