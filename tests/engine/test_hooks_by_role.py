"""Hooks of a config by role."""

import pytest
from test_semtta_runner import config  # noqa: F401

from semtta_mm.datasets.segment_sampler import WindowNumbers
from semtta_mm.engine import SemTTARunner
from semtta_mm.utils import InputError


def types_of(cfg, name='roles'):
    cfg.experiment_name = name
    runner = SemTTARunner.from_cfg(cfg)
    return [type(hook).__name__ for hook in runner.hooks]


def test_roles_and_custom_hooks_together(config):  # noqa: F811
    config.hooks.ema = None
    config.custom_hooks = [dict(type='EmptyCacheHook')]
    types = types_of(config)
    assert 'PoseBankFillInHook' in types and 'EmptyCacheHook' in types
    assert 'PoseBankEMAHook' not in types


def test_a_resolved_config_registers_each_hook_once(config, tmp_path):  # noqa: F811
    """What ``config.py`` in the work directory holds can be run again."""
    first = types_of(config)
    dumped = SemTTARunner.from_cfg(config).cfg.copy()
    assert types_of(dumped, 'again') == first
    assert first.count('RefreshHook') == 1


def test_a_role_without_a_type_is_named(config):  # noqa: F811
    config.hooks.fil = dict(weight=0.3)
    with pytest.raises(InputError, match=r'hooks\.fil: has no type.*refresh'):
        types_of(config)


def test_a_list_of_an_older_config_replaces_the_roles(config, caplog):  # noqa: F811
    """It named all hooks, so what it leaves out is left out."""
    config.custom_hooks = [
        dict(type='RefreshHook'),
        dict(type='semtta_mm.TrackMetricsHook'),
    ]
    types = types_of(config)
    assert types.count('RefreshHook') == 1
    assert 'TrackMetricsHook' in types
    assert not {'PoseBankEMAHook', 'DenoiserHook'} & set(types)


def test_without_a_metrics_hook_nothing_is_measured(config):  # noqa: F811
    config.hooks.metrics = None
    config.train_cfg.max_epochs = 1
    runner = SemTTARunner.from_cfg(config)
    runner.train()
    report = runner.train_loop.report()
    assert report['protocol'] is None
    assert report['coverage'] == {'frames': 9, 'evaluated': 0, 'weights': {}}
    track = report['tracks']['someone']
    assert track['before'] is None and track['cost']['seconds'] > 0


def test_a_metrics_hook_needs_a_metric(config):  # noqa: F811
    config.metric = None
    runner = SemTTARunner.from_cfg(config)
    with pytest.raises(InputError, match='metric: is absent'):
        runner.train()


def test_other_samplers_cannot_be_weighted(config):  # noqa: F811
    from torch.utils.data import BatchSampler, DataLoader, RandomSampler

    from semtta_mm.engine.loops import VideoAdaptLoop

    class PlainLoop(VideoAdaptLoop):
        """Draws windows alike, as another project's loop may."""

        def begin_track(self, frames, seed):
            super().begin_track(frames, seed)
            numbers = WindowNumbers(len(self.dataloader.dataset))
            sampler = BatchSampler(RandomSampler(numbers), 2, False)
            self.dataloader = DataLoader(numbers, batch_sampler=sampler)

    runner = SemTTARunner.from_cfg(config)
    options = dict(config.train_cfg)
    options.pop('type')
    runner._train_loop = PlainLoop(
        runner, dataloader=config.train_dataloader, **options
    )
    with pytest.raises(InputError, match='cannot weight .* BatchSampler'):
        runner.train()


def test_hooks_by_number_are_refused(config):  # noqa: F811
    config.custom_hooks = {'3': dict(trust=1)}
    with pytest.raises(InputError, match='custom_hooks: is no list'):
        SemTTARunner.from_cfg(config)
