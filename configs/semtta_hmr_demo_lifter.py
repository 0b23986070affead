# Beyond the paper: targets and fills also from a text-conditioned lifter, by
# precision, and the result moved to the keypoints (docs/lifting.md), smoothed
# over time, and of one shape.
_base_ = [
    './semtta_hmr_demo.py',
    './_base_/lifters/open.py',
    './_base_/labelers/motion.py',
]

method = 'semtta_lifter'
model = dict(shape='track', losses=dict(lifted={{_base_.lifted_loss}}))
hooks = dict(
    labels={{_base_.motion_labels}},  # of tracks without any
    evidence={{_base_.evidence_check}},
    lifter={{_base_.lifter}},
    refined_result={{_base_.refined_result}},
    smoothed_result=dict(type='SmoothedResultHook'),
    # Fills from the mixed targets; their expected errors replace Eq. 6's
    # condition.
    fill=dict(sigma=None, weight=1.0, smoothed=True, certain=0.1),
)
