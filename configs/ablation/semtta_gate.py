# The whole method; a second encoder decides on fills and sampling.
_base_ = ['../semtta_hmr_demo.py', '../_base_/gates/motion_text.py']

method = 'semtta_gate'
hooks = dict(
    fill=dict(gate={{_base_.gate}}),
    reweight=dict(gate={{_base_.gate}}),
    video=None,
)
