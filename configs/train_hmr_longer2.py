# Stage 1 of the open HMR continued once more (docs/training.md).
_base_ = ['./train_hmr_longer.py']

load_from = 'work_dirs/train_hmr_longer/iter_5000.pth'
