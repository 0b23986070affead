# The body in the package: open, not SMPL (docs/open_body.md).
body = dict(type='SMPLBody', backend='lbs')
