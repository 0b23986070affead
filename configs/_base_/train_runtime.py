# What all trainings share. `default_hooks` is mmengine's own dict of hooks by
# role; any Runner also registers its further roles, the last two here.
_base_ = ['./default_runtime.py']

default_hooks = dict(
    checkpoint=dict(type='CheckpointHook', interval=1, max_keep_ckpts=2),
    logger=dict(type='LoggerHook', interval=50),
    # The weights that are evaluated and published are a moving average.
    average=dict(type='EMAHook', momentum=0.001, update_buffers=True),
    plain_checkpoint=dict(type='PlainCheckpointHook'),
)
