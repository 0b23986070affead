# The open HMR, trained on renders of the open body. Data: docs/training.md.
_base_ = [
    './_base_/train_runtime.py',
    './_base_/estimators/hmr_mobilenetv2_train.py',
    './_base_/bodies/open.py',
]

model = dict(
    type='HMRTrainer',
    estimator={{_base_.estimator}},
    body={{_base_.body}},
    bfloat16=True,
)

train_dataloader = dict(
    batch_size=64,
    num_workers=0,  # crops are memory-mapped, workers would not be faster
    sampler=dict(type='mmengine.DefaultSampler', shuffle=True),
    dataset=dict(type='CropDataset', folder='data/crops/train', mirrored=0.5),
    collate_fn=dict(type='default_collate'),
)
val_dataloader = dict(
    batch_size=64,
    num_workers=0,
    sampler=dict(type='mmengine.DefaultSampler', shuffle=False),
    dataset=dict(type='CropDataset', folder='data/crops/val'),
    collate_fn=dict(type='default_collate'),
)
val_evaluator = dict(type='MeshMetric', root='mid_hip', joint_set='limbs_12')

optim_wrapper = dict(
    optimizer=dict(type='AdamW', lr=2e-4, weight_decay=0.01),
    clip_grad=dict(max_norm=100),  # for rare outliers only
    # Small, so that the trunk stays close to MoveNet's (real images).
    paramwise_cfg=dict(
        custom_keys={
            'estimator.backbone': dict(lr_mult=0.2),
            'estimator.neck.finder': dict(lr_mult=0.2),
        }
    ),
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
# The shipped weights were taken after epoch 3, for the head's training.
train_cfg = dict(by_epoch=True, max_epochs=4, val_interval=1)
val_cfg = {}
