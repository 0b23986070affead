# Control of the lifter (docs/lifting.md): the network's head was trained on
# views as wide as the lifter's, configs/train_hmr_head_wide.py. Rows of the
# network that ships: configs/ablation/lifter.py.
sets = dict(open='data/test_sets/open_test', cmu='data/test_sets/cmu_test')
variants = ['none', 'lower_body']
seeds = [0]
reference = '2d_smooth'
pairs = [
    ('2d_smooth + lifter', 'un-adapted'),
    ('2d_smooth', 'un-adapted'),
]
common = {'model.weights': 'work_dirs/train_hmr_head_wide/epoch_5.pth'}

rows = [
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(name='2d_smooth + lifter', config='2d_smooth_lifter.py'),
]
