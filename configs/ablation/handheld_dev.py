# The dev split of edition handheld (docs/test_sets.md), accepted by
# `semtta check-test-set`.
sets = dict(
    open='data/test_sets/open_handheld_dev',
    cmu='data/test_sets/cmu_handheld_dev',
)
variants = ['clear', 'legs_hidden', 'blocks']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth, true 2D', config='2d_smooth.py', evidence='true'),
    dict(name='2d_smooth_align', config='2d_smooth_align.py'),
    dict(name='semtta', config='../semtta_hmr_demo.py'),
    dict(name='lifter alone', config='lifter_alone.py'),
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
    dict(name='semtta + lifter', config='semtta_lifter.py'),
    # Beside that: smoothed over time, one shape per track.
    dict(
        name='semtta + lifter, as it ships',
        config='../semtta_hmr_demo_lifter.py',
    ),
]
