# ISO (Zhang, Nie and Feng, NeurIPS 2020). No code is public: all numbers here
# are ours (docs/baselines_dapa_iso.md). Each frame: steps on the
# self-supervised loss, which move the shared weights, then its prediction.
method = 'iso'
quiet_console = True  # a progress bar instead; the log file has everything

model = dict(
    type='ISO',
    mode='instance',  # 'online' carries the weights over
    steps=5,
    group=1,  # frames that adapt together
    lifter=dict(type='CycleLifter', hidden=256),
    fit=dict(steps=1500, lr=1e-3, noise=0.02, missing=0.3, spread=0.5),
    views=dict(count=8, azimuth=180.0, elevation=20.0, hide=0.5),
    weights_of=dict(reproject=1.0, cycle2d=1.0, cycle3d=1.0),
    window_frames=1,  # single frames
)

# One pass; the method takes the frames in their order.
train_cfg = dict(type='VideoAdaptLoop', max_epochs=1)
train_dataloader = dict(batch_size=1, passes_per_epoch=1.0)
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
