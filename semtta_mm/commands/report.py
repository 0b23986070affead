"""Reports of the commands: a JSON file, and tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..apis.baseline_rows import rows_table
from ..evaluation import metrics_table, protocols_table, write_metrics_json
from ..utils.console import make_console
from ..utils.wide_table import WideTable


def report_tables(report: Mapping[str, Any]) -> list[WideTable]:
    """Tables of an adaptation or an evaluation.

    Args:
        report: See :func:`~semtta_mm.apis.adapt`.

    Returns:
        Metrics, other protocols and baselines, as far as the report has
        them; empty if nothing was measured.
    """
    if report['protocol'] is None:
        return []
    tables = [metrics_table(report)]
    if report['other_protocols']:
        tables.append(protocols_table(report))
    if 'baselines' in report:
        tables.append(rows_table(report))
    return tables


def write_report(
    path: Path, report: Mapping[str, Any], tables: Iterable[WideTable]
) -> None:
    """Write a report, print its tables and the path of the file.

    Args:
        path: JSON file to write; its folder is created.
        report: Plain numbers, strings, None, lists and dicts.
        tables: Tables of the report.

    Raises:
        InputError: If a number is NaN or infinite.
    """
    write_metrics_json(path, report)
    console = make_console()
    for table in tables:
        console.print(table)
    console.print(f'written: {path}')
