# CycleAdapt (Nam et al., ICCV 2023) with the numbers of its public code. Each
# quirk is an option (docs/baselines_cycleadapt.md).
method = 'cycleadapt'
quiet_console = True  # a progress bar instead; the log file has everything

model = dict(
    type='CycleAdapt',
    losses=dict(
        # Mean over all keypoints, missing ones as 0, px of a crop of 224.
        keypoints=dict(type='Keypoint2DLoss', loss_weight=0.1),
        smooth=dict(type='SmoothLoss', pose_weight=1.0, betas_weight=0.001),
    ),
    window_frames=0,  # single frames
)

# total_cycle is 12, and the loop includes it.
train_cfg = dict(type='VideoAdaptLoop', max_epochs=13)
train_dataloader = dict(sampler='CoverSampler', batch_size=32)
optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=5e-5, betas=(0.5, 0.9)),
)
# 1.667e-5, 3.333e-5, 5e-5, 5.152e-5, 5e-5, 4.561e-5, ... 1e-6.
param_scheduler = dict(
    type='CycleAdaptLR', warmup=3, eta_min=1e-6, by_epoch=True
)

hooks = dict(
    refresh=dict(type='RefreshHook'),
    metrics=dict(type='TrackMetricsHook'),  # metric of the config's dataset
    denoiser=dict(
        type='DenoiserHook',
        denoiser=dict(type='MDNet', frames=49),  # 25 of 49 frames hidden
        weights='mdnet_open',
        lr=5e-5,
        batch_size=32,
        follows_schedule=True,  # both networks have the same rates
        motion='step',  # cache='train': with dropout, before the update
        targets='training',  # outputs of the masked training windows
        average='rot6d',
    ),
    camera=dict(type='CameraResultHook'),  # files and videos, not metrics
    result=dict(type='TrackResultHook'),  # of the last cycle
    progress=dict(type='AdaptProgressHook'),
)
default_hooks = dict(
    checkpoint=None,  # each track is a new start; results have their own files
    logger=dict(type='LoggerHook', interval=10),
)
