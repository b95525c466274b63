"""The decorator for all pages of a company."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint

from ..errors import ApiError
from ..gate import refuse_foreign_origin, world


def page(
    blueprint: Blueprint, rule: str, methods: Sequence[str] = ("GET",)
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view under ``/app/<company_id>``; it gets the company while the lock is held."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def run(company_id: str, **values: Any) -> Any:
            refuse_foreign_origin()
            with world().lock:
                company = world().companies.get(company_id)
                if company is None:
                    raise ApiError(404, "COMPANY_NOT_FOUND", "There is no such company.")
                return view(company, **values)

        blueprint.add_url_rule(
            f"/app/<company_id>{rule}", view.__name__, run, methods=list(methods)
        )
        return run

    return register
