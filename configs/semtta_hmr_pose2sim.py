# SemTTA on the four real tracks that ship, with the open HMR.
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
)
train_dataloader = dict(dataset={{_base_.tracks}})
custom_hooks = [
    {{_base_.hook_refresh}},
    dict(type='TrackMetricsHook', metric={{_base_.metric}}),
    {{_base_.hook_denoiser}},
    {{_base_.hook_ema}},
    {{_base_.hook_fill}},
    {{_base_.hook_weights}},
    dict(type='TrackResultHook'),
]
