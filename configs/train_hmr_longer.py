# Stage 1 of the open HMR continues, with twice the crops (docs/training.md).
_base_ = ['./train_hmr_synthetic.py']

load_from = 'work_dirs/train_hmr_synthetic/epoch_3.pth'
train_dataloader = dict(
    sampler=dict(type='mmengine.InfiniteSampler', shuffle=True),
    dataset=dict(
        _delete_=True,
        type='mmengine.ConcatDataset',
        datasets=[
            dict(type='CropDataset', folder='data/crops/train', mirrored=0.5),
            dict(
                type='CropDataset',
                folder='data/crops/train_plain',
                mirrored=0.5,
            ),
        ],
    ),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=100),
    dict(type='CosineAnnealingLR', eta_min=1e-6, by_epoch=False, T_max=5000),
]
train_cfg = dict(
    _delete_=True, by_epoch=False, max_iters=5000, val_interval=1250
)
default_hooks = dict(checkpoint=dict(by_epoch=False, interval=1250))
