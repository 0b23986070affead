# Beyond the paper: the row with the lifter, its result moved to the keypoints.
_base_ = ['./2d_smooth_lifter.py']

method = '2d_smooth_lifter_refined'
hooks = dict(
    refined_result=dict(
        type='RefinedResultHook',
        errors={{_base_.lifter.after}},
        refine=dict(prior_weight=0.5),
    )
)
