# Starts from MoveNet's trunk and keypoint maps, trained on real images.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(
    # The early layers are frozen: renders would degrade them, and a step is
    # twice as fast.
    backbone=dict(frozen_stages=3),
    neck=dict(finder=dict(weights='movenet/lightning')),
    backbone_weights='movenet/lightning',
    dropout=0.1,
)
