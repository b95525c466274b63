"""names: folded columns, by which candidates, jobs and customers are found and sorted"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from eqsr.core.folding import cut, folded, folded_type

revision = "0013"
down_revision = "0012"

ROWS_AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("candidate", _column("search", sa.Text()))
    op.add_column("candidate", _column("sort_name", folded_type(1200)))
    op.add_column("job", _column("search", folded_type(800)))
    op.add_column("organisation", _column("sort_name", folded_type(800)))
    _fill("candidate", ("first_name", "last_name", "email"), _candidate)
    _fill("job", ("title",), lambda row: {"search": cut(folded(row.title), 800)})
    _fill("organisation", ("name",), lambda row: {"sort_name": cut(folded(row.name), 800)})
    op.create_index(
        "ix_candidate_organisation_sort_name", "candidate", ["organisation_id", "sort_name"]
    )


def downgrade() -> None:
    op.drop_index("ix_candidate_organisation_sort_name", "candidate")
    op.drop_column("organisation", "sort_name")
    op.drop_column("job", "search")
    op.drop_column("candidate", "sort_name")
    op.drop_column("candidate", "search")


def _column(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default="")


def _candidate(row: sa.Row) -> dict[str, str]:
    return {
        "search": f"{folded(f'{row.first_name} {row.last_name}')}\n{folded(row.email or '')}",
        "sort_name": cut(folded(f"{row.last_name} {row.first_name}"), 1200),
    }


def _fill(name: str, read: tuple[str, ...], fold: Callable[[sa.Row], dict[str, str]]) -> None:
    """Fold what is stored, some rows at a time, in order of their ids."""
    bind, table = op.get_bind(), sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    last = None
    while True:
        query = sa.select(table.c.id, *(table.c[column] for column in read))
        query = query.order_by(table.c.id).limit(ROWS_AT_ONCE)
        rows = bind.execute(query.where(table.c.id > last) if last else query).all()
        for row in rows:
            bind.execute(sa.update(table).where(table.c.id == row.id).values(fold(row)))
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1].id
