# Table 1 of the paper: methods of test-time adaptation, the open HMR, its head
# only. `semtta benchmark configs/benchmark/table1.py`; results:
# docs/benchmark.md.
title = 'Table 1: methods'
sets = dict(
    real='config',  # the four real tracks
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['none', 'lower_body']
clips = 3  # of each test set; without it all
seeds = [0]
reference = 'CycleAdapt'
pairs = [
    ('CycleAdapt', 'un-adapted'),
    ('SemTTA', 'un-adapted'),
    ('SemTTA', 'CycleAdapt'),
    ('SemTTA + lifter', 'CycleAdapt'),
]
metrics = [
    'mpjpe',
    'pa_mpjpe',
    'mpvpe',
    'mpjpe_occluded',
    'reproj_px',
    'seconds_per_frame',
    'peak_memory_mb',
    'coverage',
]
figures = ['errors', 'labels']
# 3DPW, a network trained on Human3.6M, 2D by OpenPose. The baselines are
# CycleAdapt's Table S6.
paper = dict(
    dataset='3DPW',
    rows={
        'un-adapted': dict(mpjpe=230.3, pa_mpjpe=123.4, mpvpe=253.4),
        'BOA': dict(mpjpe=137.6, pa_mpjpe=76.2, mpvpe=171.8),
        'DynaBOA': dict(mpjpe=135.1, pa_mpjpe=73.0, mpvpe=168.2),
        'DAPA': dict(mpjpe=108.0, pa_mpjpe=67.5, mpvpe=129.8),
        'CycleAdapt': dict(mpjpe=87.7, pa_mpjpe=53.8, mpvpe=105.7),
        'SemTTA': dict(mpjpe=76.4, pa_mpjpe=47.2, mpvpe=94.0),
    },
)

rows = [
    dict(name='BOA', config='../boa_hmr_demo.py'),
    dict(name='DynaBOA', config='../dynaboa_hmr_demo.py'),
    dict(name='DAPA', config='../dapa_hmr_demo.py'),
    dict(name='ISO', config='../iso_hmr_demo.py'),
    dict(name='CycleAdapt', config='../cycleadapt_hmr_demo.py'),
    dict(name='SemTTA', config='../semtta_hmr_demo.py'),
    dict(name='SemTTA + lifter', config='../semtta_hmr_demo_lifter.py'),
]
