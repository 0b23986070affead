# HMR2.0's architecture, small, on renders (docs/training.md).
_base_ = [
    './_base_/train_runtime.py',
    './_base_/estimators/hmr2_vit-small.py',
    './_base_/bodies/open.py',
]

estimator = _base_.estimator
estimator['backbone']['stem']['frozen_stages'] = 3
estimator['backbone']['stem_weights'] = 'hmr_mobilenetv2_open'
model = dict(
    type='HMRTrainer',
    estimator=estimator,
    body={{_base_.body}},
    bfloat16=True,
)
train_dataloader = dict(
    batch_size=64,
    num_workers=0,
    sampler=dict(type='mmengine.InfiniteSampler', shuffle=True),
    dataset=dict(
        type='mmengine.ConcatDataset',
        datasets=[
            dict(type='CropDataset', folder=f'data/crops/{part}', mirrored=0.5)
            for part in ('train', 'train_plain')
        ],
    ),
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
    optimizer=dict(type='AdamW', lr=5e-4, weight_decay=0.05),
    clip_grad=dict(max_norm=20),
    paramwise_cfg=dict(
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
        custom_keys={'estimator.backbone.stem': dict(lr_mult=0.1)},
    ),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, end=300),
    dict(type='CosineAnnealingLR', eta_min=1e-6, by_epoch=False, T_max=3500),
]
train_cfg = dict(by_epoch=False, max_iters=3500, val_interval=500)
val_cfg = {}

default_hooks = dict(checkpoint=dict(by_epoch=False, interval=500))
