# Table 4: + alignment (the semantic prior, 79.3 mm on 3DPW).
_base_ = ['../semtta_hmr_demo.py']

method = '2d_smooth_align'

custom_hooks = [
    {{_base_.hook_refresh}},
    {{_base_.hook_metrics}},
    {{_base_.hook_denoiser}},
    {{_base_.hook_weights}},
    {{_base_.hook_result}},
    {{_base_.hook_progress}},
]
