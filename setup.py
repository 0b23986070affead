"""Packaging of semtta_mm; tool settings live in ``pyproject.toml``."""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


def requirements(name: str) -> list[str]:
    """Lines of ``requirements/{name}.txt`` without comments."""
    lines = (ROOT / 'requirements' / f'{name}.txt').read_text().splitlines()
    lines = [line.split('#')[0].strip() for line in lines]
    return [line for line in lines if line]


class BuildWithConfigs(build_py):
    """Put configs, tools and the model index where OpenMIM looks."""

    def run(self) -> None:
        """Build, then copy into ``semtta_mm/.mim`` of the wheel."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, 'semtta_mm', '.mim')
        for folder in ('configs', 'tools'):
            shutil.copytree(ROOT / folder, target / folder, dirs_exist_ok=True)
        shutil.copy2(ROOT / 'model-index.yml', target)


EXTRAS = (
    'mm',
    'mmdet',
    'blazepose',
    'text',
    'vlm',
    'video',
    'export',
    'rerun',
    'synthetic',
    'datasets',
    'completion',
    'dev',
    'docs',
)

setup(
    name='semtta_mm',
    version='0.1.0',
    description='Semantics-aware test-time adaptation for 3D human mesh '
    'recovery, on OpenMMLab',
    long_description=(ROOT / 'README.md').read_text(),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    python_requires='>=3.10',
    packages=find_packages(include=['semtta_mm', 'semtta_mm.*']),
    package_data={'semtta_mm': ['assets/**/*', 'py.typed']},
    install_requires=requirements('core'),
    extras_require={name: requirements(name) for name in EXTRAS},
    cmdclass={'build_py': BuildWithConfigs},
    entry_points={'console_scripts': ['semtta=semtta_mm.commands.main:main']},
)
