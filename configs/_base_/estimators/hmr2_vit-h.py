# HMR2.0 (Goel et al., ICCV 2023): ViT-H and a head of six layers. Its crops:
# tracks=dict(input_size=256, box_aspect=4 / 3, antialias=True); its demo puts
# box_scale=1.0 on a detector's boxes, keypoints' boxes are tighter.
estimator = dict(
    type='HMR2Estimator',
    # 632 M parameters: keep the memory of one block, not of 32.
    backbone=dict(type='HMR2ViT', checkpointed=True),
    head=dict(type='HMR2Head'),
    # An official checkpoint brings its own start, which replaces this one.
    mean_params='standing',
    input_size=256,
)
