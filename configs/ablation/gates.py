# Share of windows that pass the gate of the fill-in, with right and with
# wrong labels, on the dev split of both editions (docs/motion_text.md).
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['lower_body']
seeds = [0]
reference = 'no gate'

rows = [
    # The shares of both gates are in the epochs of their metrics.json:
    # agreeing and agreeing_without_gate.
    dict(name='gate', config='semtta_gate.py'),
    dict(name='gate, wrong labels', config='semtta_gate.py', labels='wrong'),
    dict(name='no gate', config='../semtta_hmr_demo.py'),
    dict(
        name='no gate, wrong labels',
        config='../semtta_hmr_demo.py',
        labels='wrong',
    ),
]
