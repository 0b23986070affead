# The dev split of both editions: rows that were added after the first results
# on the test sets; reasons are in docs/results_history.md.
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['lower_body', 'none']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='inpaint, half', config='../semtta_hmr_demo_inpaint.py'),
    dict(
        name='inpaint',
        config='../semtta_hmr_demo_inpaint.py',
        options={'hooks.inpaint.trust': 1.0},
    ),
    dict(name='2d_smooth_align', config='2d_smooth_align.py'),
    dict(
        name='2d_smooth_align, saturation',
        config='2d_smooth_align.py',
        options={'model.losses.align.saturation': 0.7},
    ),
]
