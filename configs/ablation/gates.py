# Share of windows that pass the gate of the fill-in, with right and with
# wrong labels, on the dev split of both editions (docs/motion_text.md).
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['lower_body']
seeds = [0]
reference = 'old gate'

rows = [
    dict(name='old gate', config='../semtta_hmr_demo.py'),
    dict(
        name='old gate, wrong labels',
        config='../semtta_hmr_demo.py',
        labels='wrong',
    ),
    dict(name='second encoder', config='semtta_gate.py'),
    dict(
        name='second encoder, wrong labels',
        config='semtta_gate.py',
        labels='wrong',
    ),
]
