# Table 2 of the paper on EgoBody, with HMR2.0's published weights.
_base_ = './table2.py'

title = 'Table 2: HMR2.0, EgoBody'
sets = dict(_delete_=True, egobody='config')
paper = dict(
    dataset='EgoBody',
    rows={
        'un-adapted': dict(mpjpe=118.2, pa_mpjpe=69.6),
        'CycleAdapt': dict(mpjpe=108.7, pa_mpjpe=60.4),
        'SemTTA': dict(mpjpe=104.6, pa_mpjpe=56.1),
    },
)

rows = [
    dict(name='CycleAdapt', config='../cycleadapt_hmr2_egobody.py'),
    dict(name='SemTTA', config='../semtta_hmr2_egobody.py'),
]
