# SemTTA on another system's bodies: a residual adapts, no network
# (docs/any_estimator.md). The values were set before the first run.
_base_ = ['./semtta_demo.py']

method = 'semtta_parameters'
model = dict(
    estimator=dict(
        type='ParameterEstimator',
        file='data/estimates',  # a file, or a folder with TRACK.npz
        knot_seconds=0.2,
        input_size=128,  # of the crops, for the box only
    ),
    losses=dict(residual=dict(type='ResidualLoss')),
)
train_dataloader = dict(dataset=dict(needs_video=False))
optim_wrapper = dict(optimizer=dict(lr=0.01, fused=True))  # radians
param_scheduler = dict(eta_min=1e-3)
hooks = dict(smoothed_result=dict(type='SmoothedResultHook'))
# Its rotations are in the axes of the camera.
metric = dict(
    type='MeshMetric',
    root='mid_hip',
    joint_set='limbs_12',
    frame='camera',
    pck_threshold=0.1,
)
other_metrics = None
monocular = None
