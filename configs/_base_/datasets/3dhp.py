# MPI-INF-3DHP's test set, TS1-TS6, converted beforehand:
#   semtta convert 3dhp data/mpi_inf_3dhp data/tracks/3dhp \
#       --openpose data/openpose/3dhp --fps FPS --annotation univ_annot3
# univ_annot3 or annot3: errors differ much; summary.json contains the choice.
dataset_name = '3dhp'
tracks = dict(
    type='TrackDataset',
    reader=dict(
        type='NpzTrackReader',
        keypoints='data/tracks/3dhp',
        name='3dhp',
        how_to_get='MPI-INF-3DHP, then `semtta convert 3dhp SRC '
        'data/tracks/3dhp --fps FPS --openpose JSON`',
    ),
    convention='openpose_25',
    min_score=0.3,
    input_size=224,
)
# SPIN's protocol: the 17 joints of the test set against those regressed from
# the mesh by Human3.6M's regressor, about the pelvis. The reference has joints
# only: gender and shape are not used, and there is no MPVPE.
metric = dict(type='MeshMetric', root='h36m_pelvis', joint_set='h36m_17')
other_metrics = dict(
    # As WHAM and GVHMR report: about the middle of the hips.
    wham=dict(type='MeshMetric', root='mid_hip', joint_set='h36m_17'),
    # Some report 14 joints of the 17 (SPIN's issue 138).
    joints_14=dict(type='MeshMetric', root='h36m_pelvis', joint_set='h36m_14'),
)
