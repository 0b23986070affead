# Table 4, row by row: reprojection only.
_base_ = ['../semtta_hmr_demo.py']

method = '2d'
model = dict(align_loss=None, smooth_loss=None)
custom_hooks = [
    {{_base_.hook_refresh}},
    {{_base_.hook_metrics}},
    {{_base_.hook_result}},
    {{_base_.hook_progress}},
]
