# DAPA (Weng et al., 3DV 2022) and its numbers, as read in the published code
# (docs/baselines_dapa_iso.md). Each batch of frames gives a real and a fake
# step.
method = 'dapa'
quiet_console = True  # a progress bar instead; the log file has everything

model = dict(
    type='DAPA',
    # Real step: 60 (5 S2D + mean(exp(-10 s)^2)); 2D in -1 to 1 over the crop.
    losses=dict(
        keypoints=dict(
            type='NormalizedKeypointLoss', loss_weight=60 * 5.0, by_score=True
        ),
        scale=dict(type='CameraScaleLoss', loss_weight=60.0),
    ),
    # Fake step: the published term of depth signs is left out.
    fake_loss=dict(
        type='FullLabelLoss',
        loss_weight=60.0,
        joints2d=5.0,
        joints3d=5.0,
        pose=1.0,
        betas=0.001,
    ),
    # Published: VPoser V02_05; here the open space, see dapa_hmr_3dpw.py.
    pose_space=dict(type='LinearPoseSpace', weights='pose_space_open'),
    noise='uniform',  # z (1 + a U[0, 1))
    noise_scale=0.005,  # a, of the script for 3DPW
    fake_betas='zeros',  # as for data without fits, such as 3DPW
    painter=dict(type='BodyPainter', texture='crop'),
    window_frames=1,  # single frames
)

# Published: 50 epochs over the whole data set; here over each track.
train_cfg = dict(type='VideoAdaptLoop', max_epochs=50)
train_dataloader = dict(batch_size=64, passes_per_epoch=1.0)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=5e-5))

hooks = dict(
    refresh=dict(type='RefreshHook'),
    metrics=dict(type='TrackMetricsHook'),  # metric of the config's dataset
    camera=dict(type='CameraResultHook'),  # files and videos, not metrics
    result=dict(type='TrackResultHook'),
    progress=dict(type='AdaptProgressHook'),
)
default_hooks = dict(
    checkpoint=None,  # each track is a new start; results have their own files
    logger=dict(type='LoggerHook', interval=10),
)
