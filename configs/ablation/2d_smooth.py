# Table 4: + smoothing (the CycleAdapt-like row, 87.7 mm on 3DPW).
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth'
model = dict(align_loss=None)
custom_hooks = [
    {{_base_.hook_refresh}},
    {{_base_.hook_metrics}},
    {{_base_.hook_denoiser}},
    {{_base_.hook_result}},
    {{_base_.hook_progress}},
]
