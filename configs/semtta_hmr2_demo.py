# The demo with Table 2's second architecture, small: only the network and its
# weights differ. The network is _base_/estimators/hmr2_vit-small.py, which
# explains its values.
_base_ = ['./semtta_hmr_demo.py']

model = dict(
    estimator=dict(
        _delete_=True,
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
        head=dict(
            type='HMR2Head', context_dim=256, dim=256, depth=3, hidden=512
        ),
        keypoints=23,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        input_size=128,
    ),
    weights='hmr2_small_open',
)
