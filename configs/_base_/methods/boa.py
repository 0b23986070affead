# BOA (Guan et al., CVPR 2021) and its numbers, as read in the published code
# (facts: docs/baselines_online.md). Each frame once, in order: one bilevel
# step on it, then its prediction.
method = 'boa'
quiet_console = True  # a progress bar instead; the log file has everything

model = dict(
    type='BOA',
    # Both levels; of the upper level only are those of `upper_only`. 2D is in
    # -1 to 1 over the crop.
    losses=dict(
        keypoints=dict(type='NormalizedKeypointLoss', loss_weight=10.0),
        shape=dict(type='ShapePriorLoss', loss_weight=2e-6),
        # Needs SMPLify's gmm_08.pkl; None leaves it out.
        pose=dict(
            type='GMMPriorLoss',
            path='data/checkpoints/gmm_08.pkl',
            loss_weight=1e-4,
        ),
        # Labelled crops of model.source; exactly 0 without one.
        source=dict(type='SourceLabelLoss', loss_weight=0.1),
        teacher=dict(type='TeacherLoss', loss_weight=0.1),
        # Published without a mask, for complete 2D; here keypoints that are
        # missing in a frame do not count.
        motion=dict(type='DisplacementLoss', loss_weight=0.1),
    ),
    upper_only=('teacher', 'motion'),
    inner_lr=8e-6,  # one step of SGD
    second_order=True,
    teacher_decay=0.1,  # teacher = 0.1 teacher + 0.9 student
    motion_interval=5,
    # Source-free; else source=dict(type='SourceBankFile', path=...).
)

# reset='never' is as published: one network for all tracks, in sequence.
train_cfg = dict(type='OnlineAdaptLoop', max_epochs=1, reset='track')
train_dataloader = dict(batch_size=1)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=3e-6, betas=(0.5, 0.999)))

hooks = dict(
    metrics=dict(type='TrackMetricsHook'),  # metric of the config's dataset
    camera=dict(type='CameraResultHook'),  # files and videos, not metrics
    result=dict(type='TrackResultHook'),
    progress=dict(type='AdaptProgressHook'),
)
default_hooks = dict(
    checkpoint=None,  # each track is a new start; results have their own files
    logger=dict(type='LoggerHook', interval=10),
)
