# The dev split of edition handheld (docs/test_sets.md), once
# `semtta check-test-set` accepts it.
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
]
