# HMR2.0's architecture, small enough for a laptop: 128 px, 8 x 6 tokens. A
# plain ViT still predicts the mean pose after an hour on two cores; on the
# first layers of the open HMR's trunk it does not (docs/training.md).
estimator = dict(
    type='HMR2Estimator',
    backbone=dict(
        type='HMR2ViT',
        image_size=(128, 96),
        dim=256,
        depth=4,
        heads=4,
        stem=dict(type='mmpose.MobileNetV2', out_indices=(4,)),
        stem_channels=96,
    ),
    head=dict(type='HMR2Head', context_dim=256, dim=256, depth=3, hidden=512),
    keypoints=23,  # coco_23: an auxiliary target
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    input_size=128,
)
