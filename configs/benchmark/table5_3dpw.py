# Table 5 of the paper on 3DPW, with the licensed files.
_base_ = './table5.py'

title = 'Table 5: sigma of fill-in, and alpha of EMA, 3DPW'
sets = dict(_delete_=True, pw3d='config')

rows = [
    *(
        dict(
            name=f'sigma {value:g}',
            config='../semtta_hmr_3dpw.py',
            options={'hooks.fill.sigma': value},
        )
        for value in (0.55, 0.60, 0.65, 0.70, 0.75, 0.80)
    ),
    *(
        dict(
            name=f'alpha {value:g}',
            config='../semtta_hmr_3dpw.py',
            options={'hooks.ema.alpha': value},
        )
        for value in (0.5, 0.99)
    ),
]
