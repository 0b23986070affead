# MoveNet Lightning as an estimator of mmpose. `semtta_mm.MoveNetHead` is its
# published decoding; training is not supported. See docs/mmpose.md.
default_scope = 'mmpose'
custom_imports = dict(imports=['semtta_mm.registry'])

load_from = 'movenet/lightning'  # fetched once by MMPoseDetector

model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[127.5, 127.5, 127.5],
        std=[127.5, 127.5, 127.5],
        bgr_to_rgb=True,
    ),
    backbone=dict(type='semtta_mm.MoveNetTrunk'),
    neck=dict(type='semtta_mm.MoveNetFPN', keypoints=17),
    head=dict(type='semtta_mm.MoveNetHead'),
    test_cfg=dict(flip_test=False),
)

test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.25),
    dict(type='TopdownAffine', input_size=(192, 192)),
    dict(type='PackPoseInputs'),
]
test_dataloader = dict(
    dataset=dict(
        type='CocoDataset',
        metainfo=dict(from_file='configs/_base_/datasets/coco.py'),
        pipeline=test_pipeline,
    ),
)
