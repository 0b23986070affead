# Use in another project with its own scope, on mmengine's own Runner: the
# adaptor, its loop and two of its hooks by prefix. Works with any other hook,
# visualizer or module of that project; docs/mixing_in.md runs it.
default_scope = 'mmengine'
custom_imports = dict(imports=['semtta_mm.registry'])
work_dir = 'work_dirs/mixing'

model = dict(
    type='semtta_mm.SemTTA',
    estimator=dict(
        type='semtta_mm.HMREstimator',
        backbone=dict(type='mmpose.MobileNetV2', out_indices=(1, 2, 3, 7)),
        neck=dict(
            type='semtta_mm.PartNeck',
            finder=dict(type='semtta_mm.KeypointFPN'),
        ),
        head=dict(type='mmhuman3d.HMRHead', feat_dim=1024),
        mean_params='standing',
        same_padding=True,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        input_size=128,
        dropout=0.0,
    ),
    weights='hmr_mobilenetv2_open',
    adapts='head',
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
            type='semtta_mm.Pose2SimTracks',
            fps=30,
            source='heavy',
            cameras=['cam02'],
        ),
        convention='coco_23',
        input_size=128,
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
    dict(type='EmptyCacheHook'),  # mmengine's: a project's own go here too
]
default_hooks = dict(checkpoint=None)
