# EgoBody's test split from the head-set, converted beforehand:
#   semtta convert egobody data/egobody data/tracks/egobody
# The views and frames of the paper's Table 2 are not published.
dataset_name = 'egobody'
tracks = dict(
    type='TrackDataset',
    reader=dict(
        type='NpzTrackReader',
        keypoints='data/tracks/egobody',
        name='egobody',
        how_to_get='EgoBody, then `semtta convert egobody SRC '
        'data/tracks/egobody`',
    ),
    convention='openpose_25',
    min_score=0.3,
    input_size=224,
)
# The protocol of 3DPW: 14 regressed joints about the regressed pelvis.
metric = dict(type='MeshMetric', root='h36m_pelvis', joint_set='h36m_14')
# As WHAM and GVHMR report: the same joints about the middle of the hips.
other_metrics = dict(
    wham=dict(type='MeshMetric', root='mid_hip', joint_set='h36m_14')
)
# The reference is the release's gendered SMPL fits, shapes unchanged; the
# prediction is neutral.
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
