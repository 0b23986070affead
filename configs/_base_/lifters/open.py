# The open lifter. Errors in degrees, measured on the dev split of both sets:
# `semtta calibrate-lifter` (docs/lifting.md).
lifter = dict(
    type='LifterHook',
    lifter=dict(type='TextLifter'),
    weights='lifter_open',
    before=dict(root=40.0, observed=18.0, hidden=20.0),
    after=dict(root=15.0, observed=11.0, hidden=18.0),
)
