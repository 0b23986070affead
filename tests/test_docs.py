"""The documentation names files, commands, options and modules that exist."""

import argparse
import ast
import re
import shlex
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

import semtta_mm.registry as registries
from semtta_mm.commands import adapt_options, convert_dataset
from semtta_mm.commands.main import COMMANDS, module_of
from semtta_mm.datasets import load_pose2sim
from semtta_mm.setup_env import register_all_modules

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / 'docs').rglob('*.md'))
PAGES = [ROOT / 'README.md', ROOT / 'CONTRIBUTING.md', *DOCS]
BLOCK = re.compile(r'^```(\w*)[^\n]*\n(.*?)^```', re.DOTALL | re.MULTILINE)
LINK = re.compile(r'!?\[[^\]]*\]\(([^)\s]+)\)')
SOURCE = re.compile(
    r'(?<![\w/.])((?:configs|tools|tests|benchmarks|semtta_mm)/[\w/.-]+\.\w+)'
)
EXAMPLE = re.compile(r'# ((?:my_parts|configs)/\w+\.py)\n')


def page_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """A page without its code."""
    return re.sub(r'`[^`\n]*`', '', BLOCK.sub('', path.read_text('utf-8')))


def blocks(path: Path, *languages: str) -> list[str]:
    found = BLOCK.findall(path.read_text('utf-8'))
    return [code for language, code in found if language in languages]


def anchors(path: Path) -> set[str]:
    text = BLOCK.sub('', path.read_text('utf-8'))
    titles = re.findall(r'^#+ +(.+?) *$', text, re.MULTILINE)
    plain = [re.sub(r'[^\w\s-]', '', title.lower()) for title in titles]
    return {re.sub(r'\s+', '-', title.strip()) for title in plain}


def examples() -> dict[str, str]:
    """Files of the page on adding a part."""
    code = blocks(ROOT / 'docs' / 'extending.md', 'python')
    heads = [(EXAMPLE.match(text), text) for text in code]
    return {head[1]: text for head, text in heads if head}


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_links_lead_somewhere(page):
    for target in LINK.findall(prose(page)):
        if re.match(r'\w+:', target):
            continue
        file, _, anchor = target.partition('#')
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        if page in DOCS:
            inside = path.is_relative_to(ROOT / 'docs')
            assert inside, f'{target} is not part of the site'
        if anchor:
            assert anchor in anchors(path), target


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_named_source_files_exist(page):
    text = page.read_text('utf-8')
    for name in SOURCE.findall(text):
        stem = Path(name).stem
        placeholder = stem.isupper() or stem in ('x', 'test_x')
        known = (ROOT / name).exists() or name in examples()
        assert known or placeholder, name


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_python_blocks_import_what_exists(page):
    for code in blocks(page, 'python'):
        for node in ast.walk(ast.parse(code)):
            if not isinstance(node, ast.ImportFrom) or node.level:
                continue
            if not (node.module or '').startswith('semtta_mm'):
                continue
            module = import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), (node.module, alias.name)


def option_strings(parser: argparse.ArgumentParser) -> set[str]:
    """Options of a parser and of all below it."""
    options: set[str] = set()
    for action in parser._actions:
        options.update(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            for part in action.choices.values():
                options |= option_strings(part)
    return options


def known_options(command: str) -> set[str]:
    module = import_module(module_of(command))
    if command == 'adapt':
        return option_strings(adapt_options.build_parser())
    if not hasattr(module, 'build_parser'):
        return set(
            re.findall(r"'(--?[a-z-]+)'", Path(module.__file__).read_text())
        )
    options = option_strings(module.build_parser())
    if command == 'convert':
        options |= option_strings(convert_dataset.build_parser())
    return options


def command_of_tool(name: str) -> str | None:
    """Command that a file of ``tools/`` forwards to."""
    text = (ROOT / name).read_text('utf-8')
    found = re.search(r"main\(\['([\w-]+)', \*sys\.argv", text)
    return found[1] if found else None


def command_lines(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Commands of a page's shell blocks with their arguments."""
    for code in blocks(page, 'bash', 'sh', 'shell'):
        for line in code.replace('\\\n', ' ').splitlines():
            words = shlex.split(line, comments=True)
            for i, word in enumerate(words):
                if word == 'semtta':
                    if not words[i + 1].startswith('-'):
                        yield words[i + 1], words[i + 2 :]
                    break
                if word.startswith('tools/'):
                    command = command_of_tool(word)
                    if command is not None:
                        yield command, words[i + 1 :]
                    break


@pytest.mark.parametrize('page', PAGES, ids=page_id)
def test_commands_and_options_exist(page):
    for command, arguments in command_lines(page):
        assert command in COMMANDS, command
        options = known_options(command)
        for word in arguments:
            if word.startswith('--'):
                assert word.partition('=')[0] in options, (command, word)


def test_the_pages_show_commands():
    shown = {name for page in PAGES for name, _ in command_lines(page)}
    assert {'adapt', 'test', 'convert', 'detect', 'benchmark'} <= shown


def test_every_page_is_in_the_navigation():
    nav = (ROOT / 'mkdocs.yml').read_text('utf-8')
    for page in DOCS:
        name = page.relative_to(ROOT / 'docs').as_posix()
        assert re.search(rf': {re.escape(name)}$', nav, re.MULTILINE), name


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The files of docs/extending.md beside a clone, and clean registries."""
    (tmp_path / 'semtta_mm').symlink_to(ROOT)
    root = tmp_path / 'my_project'
    for name, code in examples().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, 'utf-8')
    (root / 'my_parts' / '__init__.py').touch()
    monkeypatch.syspath_prepend(root)
    register_all_modules()
    for name in ('MODELS', 'HOOKS', 'LOOPS', 'TASK_UTILS'):
        registry = getattr(registries, name)
        before = dict(registry.module_dict)
        monkeypatch.setattr(registry, '_module_dict', before)
    yield root
    for name in [n for n in sys.modules if n.split('.')[0] == 'my_parts']:
        del sys.modules[name]


def test_parts_of_the_page_on_extending_can_be_built(project):
    configs = {
        path.stem: Config.fromfile(path)
        for path in (project / 'configs').iterdir()
    }
    losses = configs['same_shape'].model.losses
    assert losses.align is None
    assert registries.MODELS.build(losses.same_shape).loss_weight == 0.01
    roles = configs['drop_outliers'].hooks
    assert roles.fill is None
    assert registries.HOOKS.build(roles.drop_outliers).max_distance == 0.3
    in_order = configs['in_order']
    assert registries.MODELS.get(in_order.model.type) is not None
    assert registries.LOOPS.get(in_order.train_cfg.type).adapts_tracks
    estimator = registries.MODELS.build(configs['small_net'].model.estimator)
    body = estimator(torch.zeros(2, 3, 128, 128))
    assert body.params.pose.shape == (2, 24, 3, 3)
    detector = registries.TASK_UTILS.build(configs['centre_detector'].detector)
    assert detector.settings()['detector'] == 'centre'
    labeler = registries.TASK_UTILS.build(
        configs['name_labeler'].train_cfg.labeler
    )
    track = load_pose2sim('cam01', video=False)
    assert labeler(track)[0].text == 'balance on one leg'
