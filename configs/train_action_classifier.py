# The independent action classifier of the ablation tables (docs/metrics.md):
# it evaluates, and is in no loss, gate or selection. Data: semtta make-motions
# --out data/motions --cmu FILE.
_base_ = ['./_base_/train_runtime.py', './_base_/bodies/open.py']

model = dict(
    type='ActionClassifierTrainer',
    classifier=dict(type='ActionClassifier'),
    body={{_base_.body}},
)

train_dataloader = dict(
    batch_size=32,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions/train.npz',
        windows=8000,
    ),
    collate_fn=dict(type='default_collate'),
)
# Labels without a training motion are left out.
val_dataloader = dict(
    batch_size=100,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions/dev.npz',
        windows=1200,
        known_only=True,
    ),
    collate_fn=dict(type='default_collate'),
)
val_evaluator = dict(type='ActionMetric')
test_dataloader = dict(
    batch_size=100,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(
        type='ActionWindowDataset',
        path='data/motions/test.npz',
        windows=1200,
        known_only=True,
    ),
    collate_fn=dict(type='default_collate'),
)
test_evaluator = dict(type='ActionMetric')

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
train_cfg = dict(by_epoch=True, max_epochs=8, val_interval=2)
val_cfg = {}
test_cfg = {}

# Not that of any other network here.
randomness = dict(seed=20)
default_hooks = dict(average=dict(momentum=0.005))
