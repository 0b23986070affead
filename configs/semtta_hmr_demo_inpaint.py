# Beyond the paper: joints that nobody saw have targets of their own, told
# from the seen ones and the text (docs/inpainting.md).
_base_ = ['./semtta_hmr_demo.py']

hook_inpaint = dict(
    type='InpaintHook',
    inpainter=dict(type='TextInpainter'),
    weights='inpainter_open',
)
custom_hooks = [
    {{_base_.hook_refresh}},
    {{_base_.hook_metrics}},
    {{_base_.hook_denoiser}},
    hook_inpaint,
    {{_base_.hook_ema}},
    {{_base_.hook_fill}},
    {{_base_.hook_weights}},
    {{_base_.hook_result}},
    {{_base_.hook_video}},
    {{_base_.hook_progress}},
]
