# What all trainings share. `hooks` are named by role: None leaves one out.
_base_ = ['./default_runtime.py']

hooks = dict(
    # The weights that are evaluated and published are a moving average.
    average=dict(type='EMAHook', momentum=0.001, update_buffers=True),
    checkpoint=dict(type='PlainCheckpointHook'),
)
default_hooks = dict(
    checkpoint=dict(type='CheckpointHook', interval=1, max_keep_ckpts=2),
    logger=dict(type='LoggerHook', interval=50),
)
