# Table 3 of the paper: how to use the text. CycleAdapt with a discriminator of
# motions of the label, with their unpaired local poses, and SemTTA.
# `semtta benchmark configs/benchmark/table3.py`.
title = 'Table 3: ways to use the text'
sets = dict(
    real='config',
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['lower_body']
clips = 3  # of each test set; without it all
seeds = [0]
reference = 'CycleAdapt'
pairs = [('SemTTA', 'unpaired poses')]
metrics = [
    'mpjpe',
    'pa_mpjpe',
    'mpjpe_occluded',
    'reproj_px',
    'seconds_per_frame',
]
figures = ['errors']
# 3DPW, all tracks.
paper = dict(
    dataset='3DPW',
    rows={
        'CycleAdapt': dict(mpjpe=87.7, pa_mpjpe=53.8),
        'discriminator': dict(mpjpe=115.0, pa_mpjpe=69.1),
        'unpaired poses': dict(mpjpe=88.2, pa_mpjpe=54.5),
        'SemTTA': dict(mpjpe=76.4, pa_mpjpe=47.2),
    },
)

rows = [
    dict(name='CycleAdapt', config='../cycleadapt_hmr_demo.py'),
    dict(
        name='discriminator',
        config='../cycleadapt_discriminator_hmr_demo.py',
    ),
    dict(
        name='unpaired poses',
        config='../cycleadapt_unpaired_hmr_demo.py',
    ),
    dict(name='SemTTA', config='../semtta_hmr_demo.py'),
]
