# Types without a prefix are ours; neighbours are `mmpose.X`, `mmhuman3d.X`.
default_scope = 'semtta_mm'

log_level = 'INFO'
env_cfg = dict(cudnn_benchmark=False)
randomness = dict(seed=0)
