# The open lifter. Data: semtta make-motions --out data/motions_plus --cmu FILE
# --cmu-asfamc FILE --kaykit FOLDER; see docs/lifting.md.
_base_ = ['./_base_/train_runtime.py', './_base_/bodies/open.py']

model = dict(
    type='LifterTrainer',
    lifter=dict(type='TextLifter'),
    body={{_base_.body}},
    views=2,
    estimate_share=0.3,
    mixed=0.45,
    turned=0.5,
    wrong_text=0.1,
)

train_dataloader = dict(
    batch_size=32,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions_plus/train.npz',
        windows=16000,
        unlabelled=0.08,
    ),
    collate_fn=dict(type='default_collate'),
)
val_dataloader = dict(
    batch_size=64,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions_plus/dev.npz',
        windows=640,
    ),
    collate_fn=dict(type='default_collate'),
)
val_evaluator = dict(type='LiftMetric')
test_dataloader = dict(
    batch_size=64,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions_plus/test.npz',
        windows=1280,
    ),
    collate_fn=dict(type='default_collate'),
)
test_evaluator = dict(type='LiftMetric')

optim_wrapper = dict(
    optimizer=dict(
        type='AdamW', lr=6e-4, weight_decay=0.01, betas=(0.9, 0.98)
    ),
    clip_grad=dict(max_norm=1.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, end=200),
    dict(
        type='CosineAnnealingLR',
        eta_min=6e-6,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=20, val_interval=1)
val_cfg = {}
test_cfg = {}
