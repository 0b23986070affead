# HMR2.0's architecture at a size for a laptop: 128 px, 8 x 6 tokens.
estimator = dict(
    type='HMR2Estimator',
    backbone=dict(
        type='HMR2ViT', image_size=(128, 96), dim=256, depth=6, heads=4
    ),
    head=dict(type='HMR2Head', context_dim=256, dim=256, depth=3, hidden=512),
    keypoints=23,  # coco_23: where things are, learned on the way
    mean_params='standing',
    input_size=128,
)
