# RTMPose's head on MoveNet Lightning's keypoint maps, trained by mmpose's
# Runner on the renders of `semtta make-crops`. The trunk stays frozen: its
# weights saw photographs. Data, commands and numbers: docs/mmpose.md.
default_scope = 'mmpose'
custom_imports = dict(imports=['semtta_mm.registry'])

weights = 'movenet/lightning'
codec = dict(
    type='SimCCLabel',
    input_size=(192, 192),
    sigma=(4.9, 4.9),
    simcc_split_ratio=2.0,
    normalize=False,
    use_dark=False,
)

model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[127.5, 127.5, 127.5],
        std=[127.5, 127.5, 127.5],
        bgr_to_rgb=True,
    ),
    backbone=dict(type='semtta_mm.MoveNetTrunk', weights=weights, frozen=True),
    # Toes and heels start from the maps of the ankles.
    neck=dict(type='semtta_mm.MoveNetFPN', keypoints=23, weights=weights),
    head=dict(
        type='RTMCCHead',
        in_channels=23,
        out_channels=23,
        input_size=codec['input_size'],
        in_featuremap_size=(48, 48),
        simcc_split_ratio=codec['simcc_split_ratio'],
        final_layer_kernel_size=7,
        gau_cfg=dict(
            hidden_dims=256,
            s=128,
            expansion_factor=2,
            dropout_rate=0.0,
            drop_path=0.0,
            act_fn='SiLU',
            use_rel_bias=False,
            pos_enc=False,
        ),
        loss=dict(
            type='KLDiscretLoss',
            use_target_weight=True,
            beta=10.0,
            label_softmax=True,
        ),
        decoder=codec,
    ),
    test_cfg=dict(flip_test=False),
)

train_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(type='RandomHalfBody'),
    dict(
        type='RandomBBoxTransform', scale_factor=[0.7, 1.3], rotate_factor=60
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='semtta_mm.DegradeImage'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackPoseInputs'),
]

train_dataloader = dict(
    batch_size=16,
    num_workers=0,  # crops are memory-mapped
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='semtta_mm.PoseCropDataset',
        folder='data/crops/wide',
        pipeline=train_pipeline,
        first=1000,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='semtta_mm.PoseCropDataset',
        folder='data/crops/wide',
        pipeline=test_pipeline,
        count=256,
        test_mode=True,
    ),
)
test_dataloader = val_dataloader
val_evaluator = [
    dict(type='PCKAccuracy', thr=0.05),
    dict(type='EPE'),
]
test_evaluator = val_evaluator

iterations = 4000
train_cfg = dict(
    type='IterBasedTrainLoop', max_iters=iterations, val_interval=1000
)
val_cfg = {}
test_cfg = {}
optim_wrapper = dict(
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.0),
    clip_grad=dict(max_norm=35),
    # Small, so that the maps stay close to MoveNet's (real images).
    paramwise_cfg=dict(custom_keys={'neck': dict(lr_mult=0.1)}),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=1e-2, by_epoch=False, end=100),
    dict(
        type='CosineAnnealingLR',
        eta_min=1e-4,
        begin=iterations // 2,
        end=iterations,
        T_max=iterations // 2,
        by_epoch=False,
    ),
]
default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=20),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(
        type='CheckpointHook', interval=100, by_epoch=False, max_keep_ckpts=2
    ),
    # The weights that are evaluated and published are a moving average.
    average=dict(type='EMAHook', momentum=0.005, update_buffers=True),
    plain_checkpoint=dict(type='semtta_mm.PlainCheckpointHook'),
)
log_processor = dict(type='LogProcessor', window_size=20, by_epoch=False)
log_level = 'INFO'
env_cfg = dict(mp_cfg=dict(mp_start_method='fork', opencv_num_threads=1))
randomness = dict(seed=0)
