# The open motion-text model. Data and dictionary: docs/motion_text.md.
_base_ = [
    './_base_/train_runtime.py',
    './_base_/motion_text/open_train.py',
]

model = dict(
    type='MotionTextTrainer',
    motion_text={{_base_.motion_text}},
    bfloat16=True,
)

train_dataloader = dict(
    batch_size=24,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions/train.npz',
        windows=2400,
    ),
    collate_fn=dict(type='default_collate'),
)

optim_wrapper = dict(
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.05),
    clip_grad=dict(max_norm=1.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=100),
    dict(
        type='CosineAnnealingLR',
        eta_min=1e-6,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=12)

default_hooks = dict(logger=dict(interval=20), average=dict(momentum=0.01))
