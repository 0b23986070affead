# The sweep on the dev split (docs/results_history.md), for `semtta benchmark`.
sets = dict(dev='data/test_sets/open_dev')
variants = ['lower_body', 'none']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(
        name='2d_smooth, exact 2D',
        config='2d_smooth.py',
        options={'model.losses.keypoints.tolerance': 0.0},
    ),
    dict(
        name='2d_smooth, 8 px',
        config='2d_smooth.py',
        options={'model.losses.keypoints.tolerance': 8.0},
    ),
    dict(name='2d_smooth_align', config='2d_smooth_align.py'),
    dict(name='2d_smooth_align_ema', config='2d_smooth_align_ema.py'),
    dict(name='semtta', config='../semtta_hmr_demo.py'),
    dict(
        name='semtta, no align',
        config='../semtta_hmr_demo.py',
        options={'model.losses.align.loss_weight': 0.0},
    ),
    dict(
        name="semtta, the paper's fills",
        config='../semtta_hmr_demo.py',
        options={'hooks.fill.weight': 1.0, 'hooks.fill.latest': False},
    ),
    dict(
        name='semtta, smoothed fills of weight 1',
        config='../semtta_hmr_demo.py',
        options={
            'hooks.fill.weight': 1.0,
            'hooks.fill.smoothed': True,
        },
    ),
    dict(name='inpaint', config='../semtta_hmr_demo_inpaint.py'),
    dict(name='inpaint, no text', config='inpaint_no_text.py'),
    dict(
        name='inpaint, no align',
        config='../semtta_hmr_demo_inpaint.py',
        options={'model.losses.align.loss_weight': 0.0},
    ),
    dict(
        name='inpaint, smoothing x 3',
        config='../semtta_hmr_demo_inpaint.py',
        options={'model.losses.smooth.loss_weight': 3.0},
    ),
]
