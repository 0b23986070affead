# Table 3 of the paper on 3DPW, with the licensed files.
_base_ = './table3.py'

title = 'Table 3: ways to use the text, 3DPW'
sets = dict(_delete_=True, pw3d='config')

rows = [
    dict(name='CycleAdapt', config='../cycleadapt_hmr_3dpw.py'),
    dict(
        name='discriminator',
        config='../cycleadapt_discriminator_hmr_3dpw.py',
    ),
    dict(name='unpaired poses', config='../cycleadapt_unpaired_hmr_3dpw.py'),
    dict(name='SemTTA', config='../semtta_hmr_3dpw.py'),
]
