# Control of the inpainter: it sees the joints, and is told no text.
_base_ = ['../semtta_hmr_demo_inpaint.py']

method = 'semtta_inpaint_no_text'
custom_hooks = [
    {{_base_.hook_refresh}},
    {{_base_.hook_metrics}},
    {{_base_.hook_denoiser}},
    dict(
        type='InpaintHook',
        inpainter=dict(type='TextInpainter'),
        weights='inpainter_open',
        trust=0.5,
        texts=False,
    ),
    {{_base_.hook_weights}},
    {{_base_.hook_result}},
    {{_base_.hook_progress}},
]
