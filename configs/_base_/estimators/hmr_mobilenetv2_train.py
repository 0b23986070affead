# Starts from MoveNet's trunk and keypoint maps, trained on real people.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(
    # The early layers are frozen: training on renders makes them worse for
    # real images, and a step is twice as fast without them.
    backbone=dict(frozen_stages=3),
    neck=dict(finder=dict(weights='movenet/lightning')),
    backbone_weights='movenet/lightning',
    dropout=0.1,
)
