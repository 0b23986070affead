# The ablation on held-out renders (docs/results.md), for `semtta benchmark`:
# the rows of Table 4, one beyond the paper, and controls. All values are those
# of configs/semtta_hmr_demo.py.
sets = dict(
    open='data/test_sets/open_test',
    cmu='data/test_sets/cmu_test',
)
variants = ['none', 'random', 'lower_body', 'block']
seeds = [0, 1, 2]
reference = '2d_smooth'  # differences are to this row
# Further differences, first minus second row: right text minus none and minus
# a wrong one. All metrics of them are in tables.md.
pairs = [
    ('inpaint', 'inpaint, no text'),
    ('inpaint', 'inpaint, shuffled labels'),
    ('semtta', 'wrong labels'),
    ('semtta', 'shuffled labels'),
]
controls = ['none', 'lower_body']

# Without a domain shift, adaptation must not raise the error.
unshifted = dict(
    open_unshifted='data/test_sets/open_test_unshifted',
    cmu_unshifted='data/test_sets/cmu_test_unshifted',
)

rows = [
    dict(name='2d', config='2d.py'),
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth_align', config='2d_smooth_align.py'),
    dict(name='2d_smooth_align_ema', config='2d_smooth_align_ema.py'),
    dict(name='semtta', config='../semtta_hmr_demo.py'),
    dict(name='inpaint', config='../semtta_hmr_demo_inpaint.py'),
    # Controls.
    dict(
        name='wrong labels',
        config='../semtta_hmr_demo.py',
        labels='wrong',
        seeds=[0],
        variants=controls,
    ),
    dict(
        name='shuffled labels',
        config='../semtta_hmr_demo.py',
        labels='shuffled',
        seeds=[0],
        variants=controls,
    ),
    dict(
        name='inpaint, shuffled labels',
        config='../semtta_hmr_demo_inpaint.py',
        labels='shuffled',
        seeds=[0],
        variants=controls,
    ),
    dict(
        name='inpaint, no text',
        config='inpaint_no_text.py',
        seeds=[0],
        variants=controls,
    ),
    dict(
        name='true 2D',
        config='../semtta_hmr_demo.py',
        evidence='true',
        seeds=[0],
        variants=controls,
    ),
    dict(
        name='no shift',
        config='../semtta_hmr_demo.py',
        sets=unshifted,
        variants=['none'],
        seeds=[0],
    ),
    dict(
        name='inpaint, no shift',
        config='../semtta_hmr_demo_inpaint.py',
        sets=unshifted,
        variants=['none'],
        seeds=[0],
    ),
]
