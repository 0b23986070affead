# Table 4 of the paper on 3DPW, with the licensed files.
_base_ = './table4.py'

title = 'Table 4: parts of the method, 3DPW'
sets = dict(_delete_=True, pw3d='config')
figures = ['errors', 'labels']
pairs = [
    ('2d_smooth', '2d'),
    ('2d_smooth_align', '2d_smooth'),
    ('2d_smooth_align_ema', '2d_smooth_align'),
    ('SemTTA', '2d_smooth_align_ema'),
]
no_update = {'hooks.ema': None, 'hooks.fill': None}
no_text = {'model.losses.align': None, 'hooks.reweight': None}
no_smoothing = {'model.losses.smooth': None, 'hooks.denoiser': None}

rows = [
    dict(
        name='2d',
        config='../semtta_hmr_3dpw.py',
        options={**no_update, **no_text, **no_smoothing},
    ),
    dict(
        name='2d_smooth',
        config='../semtta_hmr_3dpw.py',
        options={**no_update, **no_text},
    ),
    dict(
        name='2d_smooth_align',
        config='../semtta_hmr_3dpw.py',
        options=no_update,
    ),
    dict(
        name='2d_smooth_align_ema',
        config='../semtta_hmr_3dpw.py',
        options={'hooks.fill': None},
    ),
    dict(name='SemTTA', config='../semtta_hmr_3dpw.py'),
]
