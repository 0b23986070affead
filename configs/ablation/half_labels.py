# Asymmetry as in the paper (docs/lifting.md): the network's head has seen
# motions of half of the labels only, none of those of these test clips,
# configs/train_hmr_head_half.py; the lifter and the motion-text model know
# all labels. Rows of the network that ships: configs/ablation/lifter.py.
sets = dict(open='data/test_sets/open_test', cmu='data/test_sets/cmu_test')
variants = ['none', 'lower_body']
seeds = [0]
reference = '2d_smooth'
pairs = [
    ('2d_smooth + lifter', 'un-adapted'),
    ('2d_smooth + lifter', '2d_smooth + lifter, no text'),
    ('2d_smooth + lifter', '2d_smooth + lifter, wrong text'),
    ('semtta', 'un-adapted'),
]
hidden = ['lower_body']
common = {'model.weights': 'work_dirs/train_hmr_head_half/epoch_5.pth'}

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    # The paper's whole method.
    dict(name='semtta', config='../semtta_hmr_demo.py'),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py'),
    dict(
        name='2d_smooth + lifter, no text',
        config='2d_smooth_lifter.py',
        options={'hooks.lifter.texts': False},
        variants=hidden,
    ),
    dict(
        name='2d_smooth + lifter, wrong text',
        config='2d_smooth_lifter.py',
        labels='wrong',
        variants=hidden,
    ),
]
