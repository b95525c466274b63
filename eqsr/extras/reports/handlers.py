"""Register the report for the write-back of results."""

from eqsr.extras.reports import service
from eqsr.results import report_file

report_file.made_by(service.of_invitation)
