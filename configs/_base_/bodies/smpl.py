# Official SMPL from your own licensed files: a folder or one npz / pkl.
body = dict(
    type='SMPLBody',
    model_path='data/body_models/smpl',
    backend='smplx',
    regressors=dict(h36m_17='data/body_models/J_regressor_h36m.npy'),
)
