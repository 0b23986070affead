# 3DPW's test split as published: 24 clips, 37 tracks (paper, Sec. 5.1).
# With OpenPose JSON of your own: openpose='data/openpose/3dpw' in the reader,
# one folder per clip.
dataset_name = '3dpw'
tracks = dict(
    type='TrackDataset',
    reader=dict(type='ThreeDPWReader', keypoints='data/3dpw', split='test'),
    convention='openpose_18',
    min_score=0.3,
    input_size=224,
)
# The lineage's protocol: 14 joints regressed from the mesh by
# J_regressor_h36m, about its regressed pelvis; no flipping; frame-weighted.
metric = dict(type='MeshMetric', root='h36m_pelvis', joint_set='h36m_14')
# As WHAM and GVHMR report: the same joints about the middle of the hips.
other_metrics = dict(
    wham=dict(type='MeshMetric', root='mid_hip', joint_set='h36m_14')
)
# The reference is gendered SMPL (shapes with an entry beyond 3 set to 0, as
# CycleAdapt does), the prediction neutral.
reference_bodies = dict(
    male=dict(
        type='SMPLBody',
        model_path='{{$SMPL_MODEL_DIR:data/body_models}}',
        gender='male',
        regressors=dict(
            h36m_17='{{$SMPL_MODEL_DIR:data/body_models}}/J_regressor_h36m.npy'
        ),
    ),
    female=dict(
        type='SMPLBody',
        model_path='{{$SMPL_MODEL_DIR:data/body_models}}',
        gender='female',
        regressors=dict(
            h36m_17='{{$SMPL_MODEL_DIR:data/body_models}}/J_regressor_h36m.npy'
        ),
    ),
)
