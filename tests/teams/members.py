"""Members of a customer, and the addresses of what is done to them."""

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.core.db import db
from tests.world import World


def id_of(world: World, email: str):
    with world.app.app_context():
        return db.session.scalar(select(User.id).where(User.email == email))


def member(world: World, email: str, verb: str) -> str:
    return f"/team/members/{id_of(world, email)}/{verb}"
