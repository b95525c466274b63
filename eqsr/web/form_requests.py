"""Parse forms, and refuse files where a view takes none."""

from collections.abc import Callable
from typing import Any, cast

from flask import Request, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser


class FormParser(FormDataParser):
    """Raises BadRequest for forms that are none of ours: nameless fields, unexpected files."""

    takes_file = False

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the form; see FormDataParser."""
        stream, fields, files = super().parse(*args, **kwargs)
        if None in fields or None in files or (files and not self.takes_file):
            for _name, file in files.items(multi=True):
                file.close()
            raise BadRequest
        return stream, fields, files


class FormRequest(Request):
    """A request whose form is parsed by FormParser."""

    form_data_parser_class = FormParser

    def make_form_data_parser(self) -> FormDataParser:
        """Make the parser, and tell it whether the view takes a file."""
        parser = super().make_form_data_parser()
        cast(FormParser, parser).takes_file = getattr(view_of_request(), "takes_file", False)
        return parser


def view_of_request() -> Callable[..., Any] | None:
    """Return the view that will answer this request, if there is one."""
    return current_app.view_functions.get(request.endpoint or "")
