"""Add the commands ``flask --app app …``."""

from flask import Flask

from eqsr.ops import backup_commands
from eqsr.ops.customer_commands import onboarding, organisation, user
from eqsr.ops.installation_commands import doctor, instruments, keys
from eqsr.ops.work_commands import mail, scores, work


def register_commands(app: Flask) -> None:
    """Add all commands to the application."""
    for command in (organisation, user, onboarding, instruments, mail, scores, work, keys, doctor):
        app.cli.add_command(command)
    backup_commands.register(app, mail)
