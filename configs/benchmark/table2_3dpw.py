# Table 2 of the paper on 3DPW, with HMR2.0's published weights.
_base_ = './table2.py'

title = 'Table 2: HMR2.0, 3DPW'
sets = dict(_delete_=True, pw3d='config')

rows = [
    dict(name='CycleAdapt', config='../cycleadapt_hmr2_3dpw.py'),
    dict(name='SemTTA', config='../semtta_hmr2_3dpw.py'),
]
