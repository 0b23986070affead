"""Tiny ASF and AMC files of CMU's layout."""

from collections.abc import Mapping
from math import cos, radians, sin

SIN, COS = sin(radians(20)), cos(radians(20))
LEG = f'{SIN} {-COS} 0'
DOWN = (SIN, -COS, 0)
LEG_AXIS = '0 0 20 XYZ'

# name: (parent, direction, axis, dof); the legs are CMU's.
BONES = {
    'lhipjoint': ('root', '0.65 -0.71 0.25', '0 0 0 XYZ', ''),
    'lfemur': ('lhipjoint', LEG, LEG_AXIS, 'rx ry rz'),
    'ltibia': ('lfemur', LEG, LEG_AXIS, 'rx'),
    'lfoot': ('ltibia', '0 0 1', '90 0 20 XYZ', 'rx rz'),
    'ltoes': ('lfoot', '0 0 1', '90 0 20 XYZ', 'rx'),
    'rhipjoint': ('root', '-0.65 -0.71 0.25', '0 0 0 XYZ', ''),
    'rfemur': ('rhipjoint', f'{-SIN} {-COS} 0', '0 0 -20 XYZ', 'rx ry rz'),
    'rtibia': ('rfemur', f'{-SIN} {-COS} 0', '0 0 -20 XYZ', 'rx'),
    'rfoot': ('rtibia', '0 0 1', '90 0 -20 XYZ', 'rx rz'),
    'rtoes': ('rfoot', '0 0 1', '90 0 -20 XYZ', 'rx'),
    'lowerback': ('root', '0 1 0', '0 0 0 XYZ', 'rx ry rz'),
    'upperback': ('lowerback', '0 1 0', '0 0 0 XYZ', 'rx ry rz'),
    'thorax': ('upperback', '0 1 0', '0 0 0 XYZ', 'rx ry rz'),
    'lowerneck': ('thorax', '0 1 0', '0 0 0 XYZ', 'rx ry rz'),
    'upperneck': ('lowerneck', '0 1 0', '0 0 0 XYZ', 'rx ry rz'),
    'head': ('upperneck', '0 1 0', '0 0 0 XYZ', 'rx ry rz'),
    'lclavicle': ('thorax', '1 0.2 0', '0 0 0 XYZ', 'ry rz'),
    'lhumerus': ('lclavicle', '1 0 0', '0 0 0 XYZ', 'rx ry rz'),
    'lradius': ('lhumerus', '1 0 0', '0 0 0 XYZ', 'rx'),
    'lwrist': ('lradius', '1 0 0', '0 0 0 XYZ', 'ry'),
    'rclavicle': ('thorax', '-1 0.2 0', '0 0 0 XYZ', 'ry rz'),
    'rhumerus': ('rclavicle', '-1 0 0', '0 0 0 XYZ', 'rx ry rz'),
    'rradius': ('rhumerus', '-1 0 0', '0 0 0 XYZ', 'rx'),
    'rwrist': ('rradius', '-1 0 0', '0 0 0 XYZ', 'ry'),
}

HEAD = """# AST/ASF file
:version 1.10
:name VICON
:units
  mass 1.0
  length 0.45
  angle deg
:documentation
   made from VICON data: no order, no axis
:root
   order TX TY TZ RX RY RZ
   axis XYZ
   position 0 0 0
   orientation 0 0 0
:bonedata
"""


def asf_text() -> str:
    text, links = HEAD, ':hierarchy\n  begin\n'
    children: dict[str, list[str]] = {}
    for i, (name, (parent, way, axis, dof)) in enumerate(BONES.items()):
        text += f'  begin\n     id {i + 1}\n     name {name}\n'
        text += f'     direction {way}\n     length 7.2\n     axis {axis}\n'
        if dof:
            text += f'    dof {dof}\n    limits (-160.0 20.0)\n'
            text += '           (-70.0 70.0)\n' * (len(dof.split()) - 1)
        text += '  end\n'
        children.setdefault(parent, []).append(name)
    for parent, names in children.items():
        links += f'    {parent} {" ".join(names)}\n'
    return f'{text}{links}  end\n'


def amc_text(*frames: Mapping[str, str], angle: str = 'DEGREES') -> str:
    text = f'#!OML:ASF F:\\VICON\\01.ASF\n:FULLY-SPECIFIED\n:{angle}\n'
    dof = {'root': '0 ' * 6} | {
        name: '0 ' * len(row[3].split())
        for name, row in BONES.items()
        if row[3]
    }
    for i, frame in enumerate(frames):
        text += f'{i + 1}\n'
        for name, zeros in dof.items():
            text += f'{name} {frame.get(name, zeros)}\n'
    return text
