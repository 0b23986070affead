# The demo: SemTTA on the four shipped real tracks, with the open HMR.
_base_ = [
    './_base_/default_runtime.py',
    './_base_/estimators/hmr_mobilenetv2.py',
    './_base_/bodies/open.py',
    './_base_/datasets/pose2sim.py',
    './_base_/motion_text/open.py',
    './_base_/methods/semtta.py',
]

model = dict(
    estimator={{_base_.estimator}},
    weights='hmr_mobilenetv2_open',
    body={{_base_.body}},
    motion_text={{_base_.motion_text}},
    adapts='head',  # faster; the paper adapts the 'network'
    # px of the crop. Tolerates the offset between BlazePose's joints and the
    # body's: of 0, 4 and 8 the best on the dev split.
    losses=dict(keypoints=dict(tolerance=4.0)),
)
train_cfg = dict(
    max_epochs=6,
    # Written by hand and shipped.
    labeler=dict(type='FileLabeler', path='pose2sim'),
)
# A track of 50 frames is one window: without a minimum an epoch would have one
# step. 20 are 6 mm better than 10 on the dev split, 3e-4 is worse
# than 1e-4 where joints are missing (docs/results.md).
train_dataloader = dict(dataset={{_base_.tracks}}, min_steps_per_epoch=20)
# fused: the same steps, faster (benchmarks/bench_head.py).
optim_wrapper = dict(optimizer=dict(lr=1e-4, fused=True))
hooks = dict(
    # Eq. 6, but fills are recomputed in each epoch and have weight 0.3, which
    # has the lowest error on the dev split. With the paper's values the
    # targets stay the first, wrong predictions (docs/results.md).
    fill=dict(weight=0.3, latest=True),
    video=dict(type='TrackVideoHook'),
)
