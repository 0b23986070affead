# Table 2 of the paper: a second estimator. Here the open small network of
# HMR2.0's architecture. `semtta benchmark configs/benchmark/table2.py`.
title = "Table 2: HMR2.0's architecture, small"
sets = dict(
    real='config',
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['none', 'lower_body']
clips = 3  # of each test set; without it all
seeds = [0]
reference = 'CycleAdapt'
pairs = [('SemTTA', 'un-adapted')]
metrics = ['mpjpe', 'pa_mpjpe', 'mpvpe', 'reproj_px', 'seconds_per_frame']
figures = ['errors']
# 3DPW, HMR2.0b.
paper = dict(
    dataset='3DPW',
    rows={
        'un-adapted': dict(mpjpe=80.2, pa_mpjpe=53.3),
        'CycleAdapt': dict(mpjpe=73.7, pa_mpjpe=46.8),
        'SemTTA': dict(mpjpe=71.2, pa_mpjpe=44.3),
    },
)

rows = [
    dict(name='CycleAdapt', config='../cycleadapt_hmr2_demo.py'),
    dict(name='SemTTA', config='../semtta_hmr2_demo.py'),
]
