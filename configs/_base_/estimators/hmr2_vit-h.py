# HMR2.0 (Goel et al., ICCV 2023): ViT-H and a head of six layers. Its crops:
# tracks=dict(input_size=256, box_aspect=4 / 3, antialias=True); its demo uses
# box_scale=1.0 for a detector's boxes; boxes of keypoints are tighter.
estimator = dict(
    type='HMR2Estimator',
    # 632 M parameters: activation checkpointing keeps one block of 32.
    backbone=dict(type='HMR2ViT', checkpointed=True),
    head=dict(type='HMR2Head'),
    # An official checkpoint contains mean parameters, which replace these.
    mean_params='standing',
    input_size=256,
)
