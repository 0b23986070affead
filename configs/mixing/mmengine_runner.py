# A project with its own scope, on mmengine's Runner, that uses the adaptor,
# its loop and hooks by prefix. Other hooks, visualizers and modules of the
# project can be added:
#   runner = Runner.from_cfg(Config.fromfile(THIS FILE)); runner.train()
default_scope = 'mmengine'
custom_imports = dict(imports=['semtta_mm.registry'])
work_dir = 'work_dirs/mixing'

model = dict(
    type='semtta_mm.SemTTA',
    estimator=dict(
        type='semtta_mm.HMREstimator',
        backbone=dict(
            type='mmhuman3d.ResNet',
            depth=50,
            out_indices=(3,),
            norm_cfg=dict(type='GN', num_groups=4),
            norm_eval=False,
        ),
        head=dict(type='mmhuman3d.HMRHead', feat_dim=2048),
        mean_params='standing',
    ),
    weights='data/checkpoints/hmr_resnet50-gn.pth',
    body=dict(type='semtta_mm.SMPLBody'),
    motion_text=dict(
        type='semtta_mm.MotionCLIP',
        width=192,
        layers=4,
        heads=4,
        feedforward=384,
        positions=None,
        text_dim=384,
        dropout=0.0,
        weights='motion_text_open',
    ),
    losses=dict(
        keypoints=dict(type='semtta_mm.Keypoint2DLoss'),
        align=dict(type='semtta_mm.MotionTextAlignLoss'),
    ),
)
train_dataloader = dict(
    batch_size=4,
    dataset=dict(
        type='semtta_mm.TrackDataset',
        reader=dict(
            type='semtta_mm.NpzTrackReader',
            keypoints='data/test_sets/open_test/tracks/none',
        ),
    ),
)
train_cfg = dict(
    type='semtta_mm.VideoAdaptLoop',
    max_epochs=3,
    labeler=dict(type='semtta_mm.FixedLabeler', text='walk'),
)
optim_wrapper = dict(optimizer=dict(type='Adam', lr=5e-5))
custom_hooks = [
    dict(type='semtta_mm.RefreshHook'),
    dict(type='semtta_mm.PoseBankEMAHook'),
    dict(type='semtta_mm.PoseBankFillInHook'),
    dict(type='EmptyCacheHook'),  # mmengine's; also hooks of the project
]
default_hooks = dict(checkpoint=None)
