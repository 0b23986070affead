# The open default: small enough to adapt on a laptop's CPU.
estimator = dict(
    type='HMREstimator',
    backbone=dict(type='mmpose.MobileNetV2', out_indices=(1, 2, 3, 7)),
    neck=dict(type='PartNeck', finder=dict(type='KeypointFPN')),
    head=dict(type='mmhuman3d.HMRHead', feat_dim=1024),
    mean_params='standing',
    same_padding=True,  # its trunk started from MoveNet (TensorFlow)
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    input_size=128,
    # CycleAdapt adapts with dropout 0.5; with 0 the error is 3 to 4 mm lower
    # on the dev split (docs/results.md).
    dropout=0.0,
)
