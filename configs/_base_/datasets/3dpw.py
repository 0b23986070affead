# 3DPW's test split as published; 37 tracks (paper, Sec. 5.1).
dataset_name = '3dpw'
tracks = dict(
    type='TrackDataset',
    reader=dict(type='ThreeDPWReader', keypoints='data/3dpw', split='test'),
    convention='openpose_18',
    min_score=0.3,
    input_size=224,
)
metric = dict(type='MeshMetric', root='h36m_pelvis', joint_set='h36m_14')
# The truth is gendered SMPL, the prediction neutral.
reference_bodies = dict(
    male=dict(
        type='SMPLBody',
        model_path='data/body_models/smpl',
        gender='male',
        regressors=dict(h36m_17='data/body_models/J_regressor_h36m.npy'),
    ),
    female=dict(
        type='SMPLBody',
        model_path='data/body_models/smpl',
        gender='female',
        regressors=dict(h36m_17='data/body_models/J_regressor_h36m.npy'),
    ),
)
