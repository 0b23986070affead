# As BOA and DynaBOA use 2D: SMPL's 24 joints, mapped by name; joints that the
# detector lacks are missing, and count as 0 in means over all joints.
_base_ = ['./3dhp.py']

tracks = dict(convention='smpl_24')
