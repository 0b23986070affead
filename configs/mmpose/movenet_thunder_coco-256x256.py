# MoveNet Thunder: wider and larger input than Lightning.
_base_ = ['./movenet_lightning_coco-192x192.py']

load_from = 'movenet_thunder_open'  # ships
model = dict(
    backbone=dict(widen_factor=1.75),
    neck=dict(in_channels=(40, 56, 112, 1280)),
)

test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='TopdownAffine', input_size=(256, 256)),
    dict(type='PackPoseInputs'),
]
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
