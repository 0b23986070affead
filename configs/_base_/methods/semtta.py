# The paper's method and its numbers (Sec. 5.2). Comments give the source of a
# value, or state that the paper has none.
method = 'semtta'
quiet_console = True  # a progress bar instead; the log file has everything

model = dict(
    type='SemTTA',
    losses=dict(
        keypoints=dict(type='Keypoint2DLoss', loss_weight=0.1),  # lambda_1
        smooth=dict(type='SmoothLoss'),  # Eq. 9; weight 1 in Eq. 10
        align=dict(type='MotionTextAlignLoss', loss_weight=0.2),  # lambda_2
    ),
    window_frames=60,  # Sec. 3.2
)

train_cfg = dict(type='VideoAdaptLoop', max_epochs=6)  # Sec. 5.2
# Windows a step: Sec. 5.2. The paper does not state the steps of an epoch.
train_dataloader = dict(batch_size=4, passes_per_epoch=2.0)

optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=5e-5, betas=(0.5, 0.9)),  # Sec. 5.2
)
# Sec. 5.2: cosine to 1e-6; one step an epoch, no warm-up (none is stated).
param_scheduler = dict(type='CosineAnnealingLR', eta_min=1e-6, by_epoch=True)

# Hooks by role; None leaves a role out. They run by priority.
hooks = dict(
    refresh=dict(type='RefreshHook'),
    metrics=dict(type='TrackMetricsHook'),  # metric of the config's dataset
    denoiser=dict(
        type='DenoiserHook', denoiser=dict(type='MDNet'), weights='mdnet_open'
    ),
    ema=dict(type='PoseBankEMAHook', alpha=0.9),  # Eq. 7
    fill=dict(type='PoseBankFillInHook', sigma=0.75),  # Eq. 6
    reweight=dict(type='SegmentReweightHook'),  # Sec. 4.1
    camera=dict(type='CameraResultHook'),  # files and videos, not metrics
    result=dict(type='TrackResultHook'),
    progress=dict(type='AdaptProgressHook'),
)
default_hooks = dict(
    checkpoint=None,  # each track is a new start; results have their own files
    logger=dict(type='LoggerHook', interval=10),
)
