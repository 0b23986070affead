# Stage 1 of the open HMR continues for as many steps (docs/training.md).
_base_ = ['./train_hmr_longer.py']

load_from = 'work_dirs/train_hmr_longer/iter_5000.pth'
