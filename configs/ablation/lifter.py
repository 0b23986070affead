# The lifter on held-out renders (docs/lifting.md), for `semtta ablate`. All
# settings are from the dev split: configs/ablation/lifter_dev.py.
sets = dict(open='data/test_sets/open_test', cmu='data/test_sets/cmu_test')
variants = ['none', 'random', 'lower_body', 'block']
seeds = [0]
reference = '2d_smooth'
pairs = [
    ('2d_smooth + lifter', '2d_smooth + lifter, no text'),
    ('2d_smooth + lifter', '2d_smooth + lifter, wrong text'),
    ('2d_smooth + lifter, no text', '2d_smooth'),
    ('2d_smooth + lifter', '2d_smooth, refined'),
    ('semtta + lifter', '2d_smooth + lifter'),
]
controls = ['none', 'lower_body']

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py'),
    dict(name='lifter alone', config='lifter_alone.py'),
    dict(
        name='2d_smooth + lifter, no text',
        config='2d_smooth_lifter.py',
        options={'hooks.lifter.texts': False},
        variants=controls,
    ),
    dict(
        name='2d_smooth + lifter, wrong text',
        config='2d_smooth_lifter.py',
        labels='wrong',
        variants=controls,
    ),
    # No lifter, but its last step: moved to the keypoints.
    dict(
        name='2d_smooth, refined',
        config='2d_smooth_refined.py',
        variants=controls,
    ),
    # The whole method of the paper, and the lifter.
    dict(
        name='semtta + lifter',
        config='../semtta_hmr_demo_lifter.py',
        variants=['lower_body'],
    ),
]
