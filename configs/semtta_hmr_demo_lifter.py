# Beyond the paper: targets also from a text-conditioned lifter, by precision
# (docs/lifting.md).
_base_ = ['./semtta_hmr_demo.py', './_base_/lifters/open.py']

method = 'semtta_lifter'
model = dict(losses=dict(lifted=dict(type='LiftedPoseLoss')))
hooks = dict(lifter={{_base_.lifter}})
