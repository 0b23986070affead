# The dev split of both editions: a look, after the final run, at why the dev
# sweep's gain did not hold (docs/results.md).
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['lower_body', 'none']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth_align', config='2d_smooth_align.py'),
    dict(name='inpaint', config='../semtta_hmr_demo_inpaint.py'),
]
