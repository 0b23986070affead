# HMR of BOA, DynaBOA, CycleAdapt and the paper: ResNet-50 with GroupNorm of
# 4 groups, 26,977,501 parameters, 224 px (paper, Sec. 5.2).
estimator = dict(
    type='HMREstimator',
    backbone=dict(
        type='mmhuman3d.ResNet',
        depth=50,
        out_indices=(3,),
        norm_cfg=dict(type='GN', num_groups=4),
        norm_eval=False,
    ),
    head=dict(type='mmhuman3d.HMRHead', feat_dim=2048),
    # An official checkpoint contains mean parameters, which replace these.
    mean_params='standing',
    input_size=224,
)
