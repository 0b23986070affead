"""What every test needs."""

from collections.abc import Iterator

import pytest
from mmengine.logging import MessageHub, MMLogger
from mmengine.visualization import Visualizer

pytest_plugins = ['track_fixtures']


@pytest.fixture(autouse=True)
def no_runner_of_another_test() -> Iterator[None]:
    """Forget mmengine's loggers: runners of one second share their names.

    A later test would write into the folder of an earlier one, which is gone.
    """
    yield
    for logger in MMLogger._instance_dict.values():
        for handler in logger.handlers:
            handler.close()
    for kind in (MMLogger, MessageHub, Visualizer):
        kind._instance_dict.clear()
