# The sweep on the dev split (docs/results.md): what `semtta ablate` ran.
sets = dict(dev='data/test_sets/open_dev')
variants = ['none', 'lower_body']
seeds = [0]
reference = '2d_smooth'

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='semtta', config='../semtta_hmr_demo.py'),
    dict(
        name='align x 0.1',
        config='../semtta_hmr_demo.py',
        options={'model.align_loss.loss_weight': 0.02},
    ),
    dict(
        name='no align',
        config='../semtta_hmr_demo.py',
        options={'model.align_loss.loss_weight': 0.0},
    ),
    dict(
        name='no EMA',
        config='../semtta_hmr_demo.py',
        options={'custom_hooks.3.alpha': 1.0},
    ),
    dict(name='no fill', config='2d_smooth_align_ema.py'),
    dict(
        name='fills weigh 0.3',
        config='../semtta_hmr_demo.py',
        options={'custom_hooks.4.weight': 0.3},
    ),
    dict(name='inpaint', config='../semtta_hmr_demo_inpaint.py'),
    dict(name='inpaint, no text', config='inpaint_no_text.py'),
    dict(
        name='inpaint, no align',
        config='../semtta_hmr_demo_inpaint.py',
        options={'model.align_loss.loss_weight': 0.0},
    ),
    dict(
        name='inpaint, fills too',
        config='../semtta_hmr_demo_inpaint.py',
        options={
            'model.align_loss.loss_weight': 0.0,
            'custom_hooks.5.sigma': None,
            'custom_hooks.5.smoothed': True,
            'custom_hooks.5.latest': True,
        },
    ),
]
