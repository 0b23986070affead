# Settings of the lifter, on the dev split (docs/lifting.md).
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['lower_body', 'none', 'random', 'block']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='lifter alone', config='lifter_alone.py'),
    dict(
        name='lifter alone, not refined',
        config='lifter_alone.py',
        options={'hooks.lifter.refine': None},
    ),
    # It gets the network's rotations where they fit the keypoints.
    dict(
        name='lifter alone, always with the estimate',
        config='lifter_alone.py',
        options={'hooks.lifter.max_root_error': None},
    ),
    dict(
        name='lifter alone, without the estimate',
        config='lifter_alone.py',
        options={'hooks.lifter.use_estimate': False},
    ),
    dict(
        name='lifter alone, evidence not checked',
        config='lifter_alone.py',
        options={'hooks.evidence': None},
    ),
    dict(
        name='lifter alone, unknown camera',
        config='lifter_alone.py',
        camera=False,
    ),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py'),
    dict(
        name='2d_smooth + lifter, result not refined',
        config='2d_smooth_lifter.py',
        options={'hooks.refined_result': None},
    ),
    *(
        dict(
            name=f'2d_smooth + lifter, loss x {weight:g}',
            config='2d_smooth_lifter.py',
            options={'model.losses.lifted.loss_weight': weight},
        )
        for weight in (0.0, 3.0)
    ),
    dict(name='semtta + lifter', config='semtta_lifter.py'),
    # Beside that: smoothed over time, one shape per track.
    dict(
        name='semtta + lifter, as it ships',
        config='../semtta_hmr_demo_lifter.py',
    ),
]
