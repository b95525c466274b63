"""Reads which environment variables the product knows."""

import ast

from tests.architecture.layout import ROOT


def settings_read() -> set[str]:
    """Return the names of environment variables in eqsr/core/settings.py."""
    tree = ast.parse((ROOT / "eqsr/core/settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("get", "environment.get")
        and isinstance(node.args[0], ast.Constant)
    }
