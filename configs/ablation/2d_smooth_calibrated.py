# Alignment that stops where true motions of the label are (beyond the paper).
_base_ = ['./2d_smooth_align.py']

method = '2d_smooth_calibrated'
model = dict(
    losses=dict(
        align=dict(
            _delete_=True,
            type='CalibratedAlignLoss',
            loss_weight=0.2,  # as in Eq. 10
            calibration='motion_text_open',
        ),
    ),
)
