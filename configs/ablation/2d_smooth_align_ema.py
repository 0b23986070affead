# Table 4: + EMA; with fill-in it is semtta_hmr_demo.py.
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth_align_ema'

custom_hooks = [
    {{_base_.hook_refresh}},
    {{_base_.hook_metrics}},
    {{_base_.hook_denoiser}},
    {{_base_.hook_ema}},
    {{_base_.hook_weights}},
    {{_base_.hook_result}},
    {{_base_.hook_progress}},
]
