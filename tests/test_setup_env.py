import sys

import pytest
from mmengine.registry import DefaultScope

from semtta_mm.registry import MODELS
from semtta_mm.setup_env import own_registries, register_all_modules


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


def test_every_location_of_a_registry_is_imported():
    register_all_modules()
    locations = {loc for own in own_registries() for loc in own._locations}
    assert 'semtta_mm.training_data' in locations
    assert locations <= set(sys.modules)
