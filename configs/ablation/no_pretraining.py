# Control: the same adaptation without 3D pre-training: MoveNet's trunk and
# keypoint maps, a random head. Its error is that of fitting a body to 2D.
_base_ = ['../semtta_hmr_demo.py']

method = 'semtta_without_pretraining'
model = dict(
    weights=None,
    estimator=dict(
        backbone_weights='movenet/lightning',
        neck=dict(finder=dict(weights='movenet/lightning')),
    ),
)
