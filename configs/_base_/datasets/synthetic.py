# A held-out synthetic test set (docs/test_sets.md), made by
#   semtta make-test-set --edition open --split test \
#       --out data/test_sets/open_test
# Without adaptation the variants differ in their boxes only: `none` suffices.
dataset_name = 'synthetic'
tracks = dict(
    type='TrackDataset',
    reader=dict(
        type='NpzTrackReader',
        keypoints='data/test_sets/open_test/tracks/none',
        name='synthetic',
        how_to_get='`semtta make-test-set`',
    ),
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
monocular = dict(
    type='DetectorMonocular',
    detector=dict(type='BlazePoseDetector'),
    folder='work_dirs/detections',
)
