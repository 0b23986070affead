# Dataset meta of mmpose for the project's coco_23: COCO's 17 keypoints, then
# the feet of COCO-WholeBody.
upper = [
    *('nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear'),
    *('left_shoulder', 'right_shoulder', 'left_elbow', 'right_elbow'),
    *('left_wrist', 'right_wrist'),
]
lower = [
    *('left_hip', 'right_hip', 'left_knee', 'right_knee'),
    *('left_ankle', 'right_ankle'),
    *('left_big_toe', 'left_small_toe', 'left_heel'),
    *('right_big_toe', 'right_small_toe', 'right_heel'),
]
sides = {'left': 'right', 'right': 'left'}
keypoint_info = {
    i: dict(
        id=i,
        name=name,
        color=[0, 255, 0] if name.startswith('left') else [255, 128, 0],
        type='upper' if name in upper else 'lower',
        swap=''
        if name == 'nose'
        else '_'.join(sides.get(word, word) for word in name.split('_')),
    )
    for i, name in enumerate(upper + lower)
}
links = [
    ('left_ankle', 'left_knee'),
    ('left_knee', 'left_hip'),
    ('right_ankle', 'right_knee'),
    ('right_knee', 'right_hip'),
    ('left_hip', 'right_hip'),
    ('left_shoulder', 'left_hip'),
    ('right_shoulder', 'right_hip'),
    ('left_shoulder', 'right_shoulder'),
    ('left_shoulder', 'left_elbow'),
    ('right_shoulder', 'right_elbow'),
    ('left_elbow', 'left_wrist'),
    ('right_elbow', 'right_wrist'),
    ('left_eye', 'right_eye'),
    ('nose', 'left_eye'),
    ('nose', 'right_eye'),
    ('left_eye', 'left_ear'),
    ('right_eye', 'right_ear'),
    ('left_ankle', 'left_big_toe'),
    ('left_ankle', 'left_small_toe'),
    ('left_ankle', 'left_heel'),
    ('right_ankle', 'right_big_toe'),
    ('right_ankle', 'right_small_toe'),
    ('right_ankle', 'right_heel'),
]
coco_23 = dict(
    dataset_name='coco_23',
    keypoint_info=keypoint_info,
    skeleton_info={
        i: dict(id=i, link=link, color=[51, 153, 255])
        for i, link in enumerate(links)
    },
    joint_weights=[1.0] * 11 + [1.0] * 12,
    # COCO's, then those of COCO-WholeBody for the feet.
    sigmas=[
        *(0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072),
        *(0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089),
        *(0.068, 0.066, 0.066, 0.092, 0.094, 0.094),
    ],
)
