# Asymmetry as in the paper: a head from nothing, which sees motions of half of
# the labels and none of those of the test clips; the lifter and the
# motion-text model know all (docs/lifting.md, with the commands).
_base_ = './train_hmr_head.py'

model = dict(weights='hmr_mobilenetv2_open', prefix='', fresh_head=True)

train_dataloader = dict(
    dataset=dict(
        _delete_=True, type='CropFeatureDataset', folder='data/described/half'
    )
)
val_dataloader = dict(dataset=dict(folder='data/described/half_val'))
