# The open MDNet. Data: semtta make-motions --out data/motions --cmu FILE;
# see docs/motion_denoiser.md.
_base_ = ['./_base_/train_runtime.py']

model = dict(type='MDNetTrainer', denoiser=dict(type='MDNet'))

train_dataloader = dict(
    batch_size=32,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(
        type='MotionWindowDataset',
        path='data/motions/train.npz',
        windows=12800,
    ),
    collate_fn=dict(type='default_collate'),
)
val_dataloader = dict(
    batch_size=128,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(type='MotionWindowDataset', path='data/motions/dev.npz'),
    collate_fn=dict(type='default_collate'),
)
val_evaluator = dict(type='MotionDenoiseMetric')
test_dataloader = dict(
    batch_size=128,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(type='MotionWindowDataset', path='data/motions/test.npz'),
    collate_fn=dict(type='default_collate'),
)
test_evaluator = dict(type='MotionDenoiseMetric')

optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=3e-3),
    clip_grad=dict(max_norm=1.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=100),
    dict(
        type='CosineAnnealingLR',
        eta_min=1e-6,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=4, val_interval=2)
val_cfg = {}
test_cfg = {}

default_hooks = dict(logger=dict(interval=100), average=dict(momentum=0.002))
