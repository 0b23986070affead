# Asymmetry as in the paper, not trained yet: a head from nothing, which sees
# motions of half of the labels; the lifter and the motion-text model know all
# (docs/lifting.md).
# Data: as in train_hmr_head_wide.py, with --without-labels of the other half
# and without --wide-views.
_base_ = './train_hmr_head.py'

model = dict(weights='hmr_mobilenetv2_open', prefix='', fresh_head=True)

train_dataloader = dict(
    dataset=dict(
        _delete_=True, type='CropFeatureDataset', folder='data/described/half'
    )
)
val_dataloader = dict(dataset=dict(folder='data/described/half_val'))
