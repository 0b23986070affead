sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['none', 'random', 'lower_body', 'block']
seeds = [0]
reference = '2d_smooth'
rows = [dict(name='2d_smooth', config='2d_smooth.py')]
