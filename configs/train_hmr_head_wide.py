# Control of the lifter: the open HMR's head, trained further
# on views as wide as the lifter's (docs/lifting.md). Data:
# semtta make-crops --out data/crops/wide --count 60000 --seed 3
#     --real-backgrounds --wide-views 0.7 --cmu FILE
# semtta extract-features configs/train_hmr_longer2.py hmr_mobilenetv2_open
#     --crops data/crops/wide --out data/described/wide
_base_ = './train_hmr_head.py'

model = dict(weights='hmr_mobilenetv2_open', prefix='')

train_dataloader = dict(
    dataset=dict(
        _delete_=True, type='CropFeatureDataset', folder='data/described/wide'
    )
)
val_dataloader = dict(dataset=dict(folder='data/described/wide_val'))
