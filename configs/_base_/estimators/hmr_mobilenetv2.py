# The open default: small enough to adapt on a laptop's CPU.
estimator = dict(
    type='HMREstimator',
    backbone=dict(type='mmpose.MobileNetV2', out_indices=(2, 4, 7)),
    neck=dict(type='PartNeck', in_channels=(32, 96, 1280)),
    head=dict(type='mmhuman3d.HMRHead', feat_dim=1024),
    mean_params='standing',
    input_size=128,
)
