# The lifter on held-out renders (docs/lifting.md), for `semtta benchmark`. All
# settings are from the dev split: configs/ablation/lifter_dev.py.
sets = dict(open='data/test_sets/open_test', cmu='data/test_sets/cmu_test')
variants = ['none', 'random', 'lower_body', 'block']
seeds = [0, 1, 2]
reference = '2d_smooth'
pairs = [
    ('2d_smooth + lifter', '2d_smooth + lifter, no text'),
    ('2d_smooth + lifter', '2d_smooth + lifter, wrong text'),
    ('2d_smooth + lifter', '2d_smooth + lifter, shuffled text'),
    (
        '2d_smooth + lifter, labels by the motion',
        '2d_smooth + lifter, no text',
    ),
    ('2d_smooth + lifter, no text', '2d_smooth'),
    ('2d_smooth + lifter', '2d_smooth, refined'),
    ('semtta + lifter', '2d_smooth + lifter'),
    ('semtta + lifter', 'semtta + lifter, no text'),
    ('semtta + lifter', 'semtta + lifter, wrong text'),
]
controls = ['none', 'lower_body']
hidden = ['lower_body']
without_text = {'hooks.lifter.texts': False}
without_any_text = {
    **without_text,
    'model.losses.align': None,
    'hooks.reweight': None,
}

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py'),
    # Does not depend on the seed.
    dict(name='lifter alone', config='lifter_alone.py', seeds=[0]),
    dict(
        name='2d_smooth + lifter, no text',
        config='2d_smooth_lifter.py',
        options=without_text,
        variants=hidden,
    ),
    dict(
        name='2d_smooth + lifter, wrong text',
        config='2d_smooth_lifter.py',
        labels='wrong',
        variants=hidden,
    ),
    dict(
        name='2d_smooth + lifter, shuffled text',
        config='2d_smooth_lifter.py',
        labels='shuffled',
        variants=hidden,
        seeds=[0],
    ),
    # Labels by the lifted motion; the true ones are not seen.
    dict(
        name='2d_smooth + lifter, labels by the motion',
        config='2d_smooth_lifter_motion_labels.py',
        labels='none',
        variants=hidden,
        seeds=[0],
    ),
    # No lifter, but its last step: moved to the keypoints.
    dict(
        name='2d_smooth, refined',
        config='2d_smooth_refined.py',
        variants=controls,
        seeds=[0],
    ),
    # The whole method of the paper, and the lifter.
    dict(name='semtta + lifter', config='semtta_lifter.py'),
    # Beside that: smoothed over time, one shape per track.
    dict(
        name='semtta + lifter, as it ships',
        config='../semtta_hmr_demo_lifter.py',
        seeds=[0],
    ),
    dict(
        name='semtta + lifter, no text',
        config='semtta_lifter.py',
        options=without_any_text,
        variants=hidden,
        seeds=[0],
    ),
    dict(
        name='semtta + lifter, wrong text',
        config='semtta_lifter.py',
        labels='wrong',
        variants=hidden,
        seeds=[0],
    ),
    # Oracle: exact 2D of all keypoints, also of hidden ones.
    dict(
        name='2d_smooth + lifter, true 2D',
        config='2d_smooth_lifter.py',
        evidence='true',
        variants=controls,
        seeds=[0],
    ),
]
