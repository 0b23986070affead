# Official SMPL from your own licensed files: a folder or one npz / pkl.
# backend='smplx' runs smplx itself: equal within 1e-5 m, and slower, because
# it computes the whole mesh for a few keypoints (benchmarks/bench_body.py).
body = dict(
    type='SMPLBody',
    model_path='data/body_models/smpl',
    backend='lbs',
    regressors=dict(h36m_17='data/body_models/J_regressor_h36m.npy'),
)
