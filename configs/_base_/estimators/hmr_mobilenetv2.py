# The open default: small enough to adapt on a laptop's CPU.
estimator = dict(
    type='HMREstimator',
    backbone=dict(type='mmpose.MobileNetV2', out_indices=(7,)),
    neck=dict(type='SpatialNeck', in_channels=1280, map_size=4),
    head=dict(type='mmhuman3d.HMRHead', feat_dim=1024),
    mean_params='standing',
    input_size=128,
)
