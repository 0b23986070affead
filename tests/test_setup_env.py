import pytest
from mmengine.registry import DefaultScope

import semtta_mm.registry
from semtta_mm.registry import MODELS, Registry
from semtta_mm.setup_env import LOCATIONS, register_all_modules


@pytest.fixture(autouse=True)
def same_scope_afterwards():
    with DefaultScope.overwrite_default_scope('mmengine'):
        yield


def test_everything_is_registered_and_torchvision_works():
    register_all_modules()
    import torchvision

    assert torchvision.__version__
    assert 'HMREstimator' in MODELS.module_dict
    assert DefaultScope.get_current_instance().scope_name == 'semtta_mm'


def test_the_default_scope_can_be_left():
    register_all_modules(init_default_scope=False)
    assert DefaultScope.get_current_instance().scope_name == 'mmengine'


def test_every_location_of_a_registry_is_covered():
    ours = {f'semtta_mm.{name}' for name in LOCATIONS}
    for value in vars(semtta_mm.registry).values():
        if isinstance(value, Registry) and value.scope == 'semtta_mm':
            assert set(value._locations) <= ours
