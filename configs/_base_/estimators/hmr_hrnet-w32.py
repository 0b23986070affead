# Another backbone needs one block: mmhuman3d's HRNet-W32, whose four scales
# are concatenated at the coarsest one (32 + 64 + 128 + 256 = 480 channels).
estimator = dict(
    type='HMREstimator',
    backbone=dict(
        type='mmhuman3d.PoseHighResolutionNet',
        extra=dict(
            stage1=dict(
                num_modules=1,
                num_branches=1,
                block='BOTTLENECK',
                num_blocks=(4,),
                num_channels=(64,),
            ),
            stage2=dict(
                num_modules=1,
                num_branches=2,
                block='BASIC',
                num_blocks=(4, 4),
                num_channels=(32, 64),
            ),
            stage3=dict(
                num_modules=4,
                num_branches=3,
                block='BASIC',
                num_blocks=(4, 4, 4),
                num_channels=(32, 64, 128),
            ),
            stage4=dict(
                num_modules=3,
                num_branches=4,
                block='BASIC',
                num_blocks=(4, 4, 4, 4),
                num_channels=(32, 64, 128, 256),
            ),
            downsample=True,
            use_conv=False,
            return_list=False,
            final_conv_kernel=1,
        ),
    ),
    head=dict(type='mmhuman3d.HMRHead', feat_dim=480),
    mean_params='standing',
    input_size=224,
)
