# Another system's bodies of the four real tracks, adapted without its network:
# `--cfg-options model.estimator.file=FOLDER` (docs/any_estimator.md).
_base_ = ['./_base_/methods/semtta_parameters.py']
