# Table 5 of the paper: the threshold of fill-in (sigma, Eq. 6), with the
# filled keypoints in % of the detected ones and their PCK; and alpha (Eq. 7).
# `semtta benchmark configs/benchmark/table5.py`; results: docs/benchmark.md.
title = 'Table 5: sigma of fill-in, and alpha of EMA'
sets = dict(
    real='config',
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['lower_body']
clips = 3  # of each test set; without it all
seeds = [0]
reference = 'sigma 0.75'
metrics = [
    'mpjpe',
    'pa_mpjpe',
    'mpjpe_occluded',
    'filled_percent',
    'filled_pck',
]
figures = ['errors', 'sweep']
sweep = dict(
    name='sigma',
    rows={
        f'sigma {value:g}': value
        for value in (0.55, 0.60, 0.65, 0.70, 0.75, 0.80)
    },
)
# Table 5: 3DPW; at 0.75, 36 % more 2D keypoints with a PCK of 0.58.
paper = dict(
    dataset='3DPW',
    rows={
        'sigma 0.55': dict(mpjpe=78.1),
        'sigma 0.6': dict(mpjpe=76.9, filled_pck=0.53),
        'sigma 0.65': dict(mpjpe=77.2),
        'sigma 0.7': dict(mpjpe=77.0),
        'sigma 0.75': dict(mpjpe=76.4, filled_percent=36, filled_pck=0.58),
        'sigma 0.8': dict(mpjpe=77.2),
    },
)

rows = [
    *(
        dict(
            name=f'sigma {value:g}',
            config='../semtta_hmr_demo.py',
            options={'hooks.fill.sigma': value},
        )
        for value in (0.55, 0.60, 0.65, 0.70, 0.75, 0.80)
    ),
    # Sec. 5.2: 0.9, the weight of the earlier estimate.
    *(
        dict(
            name=f'alpha {value:g}',
            config='../semtta_hmr_demo.py',
            options={'hooks.ema.alpha': value},
        )
        for value in (0.5, 0.99)
    ),
]
