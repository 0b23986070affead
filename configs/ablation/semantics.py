# Parts that give the text a meaning (docs/alignment_diagnosis.md), on the dev
# split of both editions, for `semtta benchmark`.
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['lower_body', 'none']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth_align', config='2d_smooth_align.py'),
    dict(name='calibrated', config='2d_smooth_calibrated.py'),
    dict(
        name='calibrated, wrong labels',
        config='2d_smooth_calibrated.py',
        labels='wrong',
    ),
    # The camera's tilt is not known: the prior of a level camera.
    dict(name='gravity, level', config='2d_smooth_gravity.py'),
    dict(
        name='upright, level',
        config='2d_smooth_gravity.py',
        options={'model.losses.gravity.upright': True},
    ),
    # An oracle: the tilt that a phone's accelerometer would measure.
    dict(name='gravity, true', config='2d_smooth_gravity.py', gravity=True),
    dict(
        name='upright, true',
        config='2d_smooth_gravity.py',
        options={'model.losses.gravity.upright': True},
        gravity=True,
    ),
]
