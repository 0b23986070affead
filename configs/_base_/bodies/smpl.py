# Official SMPL from your own licensed files (semtta prepare-smpl), and the
# regressor beside it. $SMPL_MODEL_DIR, else data/body_models, contains the
# files, or a folder smpl with them.
# backend='smplx' runs smplx itself: equal within 1e-5 m, and slower, because
# it computes the whole mesh for a few keypoints (benchmarks/bench_body.py).
body = dict(
    type='SMPLBody',
    model_path='{{$SMPL_MODEL_DIR:data/body_models}}',
    backend='lbs',
    regressors=dict(
        h36m_17='{{$SMPL_MODEL_DIR:data/body_models}}/J_regressor_h36m.npy'
    ),
)
