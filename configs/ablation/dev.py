# The sweep on the dev split (docs/results.md): what `semtta ablate` ran.
sets = dict(dev='data/test_sets/open_dev')
variants = ['none', 'lower_body']
seeds = [0]
reference = 'start'
common = {
    'train_dataloader.min_steps_per_epoch': 10,
    'model.estimator.dropout': 0.5,
}

rows = [
    dict(name='start', config='../semtta_hmr_demo.py'),
    dict(name='2d_smooth', config='2d_smooth.py'),
    dict(
        name='lr 3e-4',
        config='../semtta_hmr_demo.py',
        options={'optim_wrapper.optimizer.lr': 3e-4},
    ),
    dict(
        name='20 steps',
        config='../semtta_hmr_demo.py',
        options={'train_dataloader.min_steps_per_epoch': 20},
    ),
    dict(
        name='no dropout',
        config='../semtta_hmr_demo.py',
        options={'model.estimator.dropout': 0.0},
    ),
    dict(
        name='2d x 3',
        config='../semtta_hmr_demo.py',
        options={'model.keypoint_loss.loss_weight': 0.3},
    ),
    dict(
        name='align to 0.8',
        config='../semtta_hmr_demo.py',
        options={'model.align_loss.enough': 0.8},
    ),
    dict(
        name='no align',
        config='../semtta_hmr_demo.py',
        options={'model.align_loss.loss_weight': 0.0},
    ),
    dict(
        name='fill latest',
        config='../semtta_hmr_demo.py',
        options={'custom_hooks.4.latest': True},
    ),
    dict(
        name='fill rank 1',
        config='../semtta_hmr_demo.py',
        options={'custom_hooks.4.sigma': None, 'custom_hooks.4.max_rank': 1},
    ),
]
