# The open text inpainter. Data: semtta make-motions --out data/motions
# --cmu FILE; see docs/inpainting.md.
_base_ = ['./_base_/train_runtime.py']

model = dict(
    type='InpainterTrainer',
    inpainter=dict(type='TextInpainter'),
    bfloat16=True,
)

train_dataloader = dict(
    batch_size=48,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions/train.npz',
        windows=19200,
    ),
    collate_fn=dict(type='default_collate'),
)
val_dataloader = dict(
    batch_size=100,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(
        type='ActionWindowDataset', path='data/motions/dev.npz', windows=600
    ),
    collate_fn=dict(type='default_collate'),
)
val_evaluator = dict(type='InpaintMetric')
test_dataloader = dict(
    batch_size=100,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(
        type='ActionWindowDataset', path='data/motions/test.npz', windows=600
    ),
    collate_fn=dict(type='default_collate'),
)
test_evaluator = dict(type='InpaintMetric')

optim_wrapper = dict(
    optimizer=dict(type='AdamW', lr=6e-4, weight_decay=0.02),
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
train_cfg = dict(by_epoch=True, max_epochs=6, val_interval=1)
val_cfg = {}
test_cfg = {}

default_hooks = dict(average=dict(momentum=0.005))
