# Four shipped real tracks: one man, four cameras (docs/pose2sim.md).
dataset_name = 'pose2sim'
tracks = dict(
    type='TrackDataset',
    reader=dict(type='Pose2SimTracks', fps=30, source='heavy'),
    convention='coco_23',
    input_size=128,
)
metric = dict(
    type='MeshMetric',
    root='mid_hip',
    joint_set='limbs_12',
    frame='pelvis_ray',
    pck_threshold=0.1,
)
# The same in the frame of the camera, which a crop does not determine.
other_metrics = dict(
    camera=dict(
        type='MeshMetric',
        root='mid_hip',
        joint_set='limbs_12',
        frame='camera',
        pck_threshold=0.1,
    )
)
monocular = dict(type='ShippedMonocular', source='heavy')
