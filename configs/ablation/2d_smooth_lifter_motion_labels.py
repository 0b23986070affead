# Beyond the paper: 2D + smoothing with the lifter, whose texts are labels by
# the motion, not given ones (docs/labels.md).
_base_ = ['./2d_smooth_lifter.py', '../_base_/labelers/motion.py']

method = '2d_smooth_lifter_motion_labels'
train_cfg = dict(labeler=None)
hooks = dict(labels={{_base_.motion_labels}})
