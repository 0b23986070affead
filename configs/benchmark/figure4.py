# Fig. 4 of the paper: frames with and without the update of the 2D evidence
# (EMA and fill-in), after epochs 2 and 4, on clips whose legs are out of
# sight. `semtta benchmark configs/benchmark/figure4.py`.
title = 'Fig. 4: with and without the update of the 2D evidence'
sets = dict(
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['lower_body']
clips = 4  # of each test set; without it all
seeds = [0]
common = {'hooks.result.epochs': [2, 4]}
reference = 'without update'
metrics = ['mpjpe', 'pa_mpjpe', 'mpjpe_occluded', 'filled_percent']
figures = ['strips']
strips = dict(
    rows=['without update', 'with update', 'with update and lifter'],
    tracks=['open_test_02_lower_body', 'cmu_test_03_lower_body'],
    epochs=[2, 4],
)

rows = [
    dict(
        name='without update',
        config='../ablation/2d_smooth_align.py',
    ),
    dict(name='with update', config='../semtta_hmr_demo.py'),
    dict(
        name='with update and lifter',
        config='../semtta_hmr_demo_lifter.py',
    ),
]
