# EMA (Eq. 7) against noise that is worth denoising, on the dev split: errors
# of the detector times 0, 1 and 3; 2D loss with and without a tolerance
# (docs/results_history.md).
sets = dict(open='data/test_sets/open_dev', cmu='data/test_sets/cmu_dev')
variants = ['none']
seeds = [0]
exact = {'model.losses.keypoints.tolerance': 0.0}

rows = [
    dict(
        name=f'{config}{px}, error x {error:g}',
        config=f'{config}.py',
        options=tolerance,
        error=error,
    )
    for error in (0.0, 1.0, 3.0)
    for px, tolerance in (('', {}), (', 0 px', exact))
    for config in ('2d_smooth', '2d_smooth_ema')
]
