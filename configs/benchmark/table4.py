# Table 4 of the paper: its parts, one after the other, and ours beyond it.
# `semtta benchmark configs/benchmark/table4.py`; results: docs/benchmark.md.
title = 'Table 4: parts of the method'
sets = dict(
    real='config',  # the four real tracks
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['none', 'lower_body']
clips = 3  # of each test set; without it all
seeds = [0]
reference = '2d_smooth'
pairs = [
    ('2d_smooth', '2d'),
    ('2d_smooth_align', '2d_smooth'),
    ('2d_smooth_align_ema', '2d_smooth_align'),
    ('SemTTA', '2d_smooth_align_ema'),
    ('SemTTA + lifter', 'SemTTA'),
]
metrics = [
    'mpjpe',
    'pa_mpjpe',
    'mpvpe',
    'mpjpe_occluded',
    'reproj_px',
    'filled_percent',
    'seconds_per_frame',
]
figures = ['errors', 'labels']
# 3DPW (Table 4). The middle rows cannot be read in our copy of the paper.
paper = dict(
    dataset='3DPW',
    rows={
        '2d_smooth': dict(mpjpe=87.7),
        '2d_smooth_align': dict(mpjpe=79.3),
        'SemTTA': dict(mpjpe=76.4, pa_mpjpe=47.2, mpvpe=94.0),
    },
)

rows = [
    dict(name='2d', config='../ablation/2d.py'),
    dict(name='2d_smooth', config='../ablation/2d_smooth.py'),
    dict(name='2d_smooth_align', config='../ablation/2d_smooth_align.py'),
    dict(
        name='2d_smooth_align_ema',
        config='../ablation/2d_smooth_align_ema.py',
    ),
    dict(name='SemTTA', config='../semtta_hmr_demo.py'),
    dict(name='SemTTA + lifter', config='../semtta_hmr_demo_lifter.py'),
]
