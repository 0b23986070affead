# Table 1 of the paper on 3DPW, with the licensed files
# (docs/licensed_assets.md): all methods on the 37 tracks.
_base_ = './table1.py'

title = 'Table 1: methods, 3DPW'
sets = dict(_delete_=True, pw3d='config')
figures = ['errors']
metrics = [
    'mpjpe',
    'pa_mpjpe',
    'mpvpe',
    'reproj_px',
    'seconds_per_frame',
    'peak_memory_mb',
    'coverage',
]
pairs = [('SemTTA', 'CycleAdapt')]

rows = [
    dict(name='BOA', config='../boa_hmr_3dpw.py'),
    dict(name='DynaBOA', config='../dynaboa_hmr_3dpw.py'),
    dict(name='DAPA', config='../dapa_hmr_3dpw.py'),
    dict(name='CycleAdapt', config='../cycleadapt_hmr_3dpw.py'),
    dict(name='SemTTA', config='../semtta_hmr_3dpw.py'),
]
