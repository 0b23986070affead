# The label's tilt as a prior (beyond the paper); no alignment.
_base_ = ['./2d_smooth.py']

method = '2d_smooth_gravity'
model = dict(
    losses=dict(
        gravity=dict(type='GravityPrior', calibration='motion_text_open'),
    ),
)
