# The shipped body: open, not SMPL (docs/open_body.md).
body = dict(type='SMPLBody', backend='lbs')
