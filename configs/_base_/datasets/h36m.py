# Human3.6M, S9 and S11, frontal camera (protocol 2), converted beforehand:
#   semtta convert h36m data/h36m data/tracks/h36m --cameras 4 --stride 2 \
#       --openpose data/openpose/h36m
# Other subjects (--subjects 1 5 6 7 8) are the source of the lineage's HMR.
dataset_name = 'h36m'
tracks = dict(
    type='TrackDataset',
    reader=dict(
        type='NpzTrackReader',
        keypoints='data/tracks/h36m',
        name='h36m',
        how_to_get='Human3.6M, then `semtta convert h36m SRC data/tracks/h36m '
        '--openpose JSON`',
    ),
    convention='openpose_25',
    min_score=0.3,
    input_size=224,
)
# 14 of the 17 measured joints against those of J_regressor_h36m, about the
# pelvis; the reference has joints only: gender and shape are not used.
metric = dict(type='MeshMetric', root='h36m_pelvis', joint_set='h36m_14')
# The root of WHAM and GVHMR.
other_metrics = dict(
    wham=dict(type='MeshMetric', root='mid_hip', joint_set='h36m_14')
)
