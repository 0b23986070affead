# Beyond the paper: 2D + smoothing with the lifter, without the paper's text
# alignment, EMA and fill-in.
_base_ = ['./2d_smooth.py', '../_base_/lifters/open.py']

method = '2d_smooth_lifter'
model = dict(losses=dict(lifted={{_base_.lifted_loss}}))
hooks = dict(
    evidence={{_base_.evidence_check}},
    lifter={{_base_.lifter}},
    refined_result={{_base_.refined_result}},
)
