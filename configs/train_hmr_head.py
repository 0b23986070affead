# Stage 2 of the open HMR: its head, on features of the first stage
# (docs/training.md).
_base_ = [
    './_base_/train_runtime.py',
    './_base_/estimators/hmr_mobilenetv2_head.py',
    './_base_/bodies/open.py',
]

model = dict(
    type='HeadTrainer',
    estimator={{_base_.estimator}},
    body={{_base_.body}},
    weights='work_dirs/train_hmr_longer2/iter_5000.pth',
)

train_dataloader = dict(
    batch_size=128,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(
        type='mmengine.ConcatDataset',
        datasets=[
            dict(type='CropFeatureDataset', folder='data/described/train'),
            dict(
                type='CropFeatureDataset',
                folder='data/described/train_plain',
            ),
            dict(
                type='CropFeatureDataset',
                folder='data/described/train_mirrored',
            ),
        ],
    ),
    collate_fn=dict(type='default_collate'),
)
val_dataloader = dict(
    batch_size=128,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(type='CropFeatureDataset', folder='data/described/val'),
    collate_fn=dict(type='default_collate'),
)
val_evaluator = dict(type='MeshMetric', root='mid_hip', joint_set='limbs_12')

optim_wrapper = dict(
    optimizer=dict(type='AdamW', lr=3e-4, weight_decay=0.01),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = dict(
    type='CosineAnnealingLR',
    eta_min=1e-6,
    by_epoch=True,
    convert_to_iter_based=True,
)
train_cfg = dict(by_epoch=True, max_epochs=5, val_interval=1)
val_cfg = {}

default_hooks = dict(logger=dict(interval=200))
