# For training from ImageNet: BatchNorm must follow the weights. With frozen
# statistics gradients reached 1e11 within ten steps at lr 3e-4.
_base_ = ['./hmr_mobilenetv2.py']

estimator = dict(
    # The early layers stay ImageNet's: they know real pictures, renders
    # could only spoil them, and a step is twice as fast without them.
    backbone=dict(frozen_stages=3),
    backbone_weights='imagenet/mobilenetv2.pt',
    freeze_norm_stats=False,
    dropout=0.1,
)
