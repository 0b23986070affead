# Starts from MoveNet's trunk and keypoint maps: both know real people.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(
    # The early layers stay as they are: renders could only spoil them, and a
    # step is twice as fast without them.
    backbone=dict(frozen_stages=3),
    neck=dict(finder=dict(weights='movenet/lightning')),
    backbone_weights='movenet/lightning',
    dropout=0.1,
)
