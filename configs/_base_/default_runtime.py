# Types without a prefix are those of semtta_mm; others are `mmpose.X`,
# `mmhuman3d.X`.
default_scope = 'semtta_mm'

log_level = 'INFO'
env_cfg = dict(cudnn_benchmark=False)
randomness = dict(seed=0)
