"""Run the migrations on the connection that `pipeline.store.migrate` hands over."""

from sqlalchemy import Connection

from alembic import context
from pipeline.store import tables  # noqa: F401 - importing registers the tables
from pipeline.store.base import Base
from pipeline.store.migrate import belongs_to_catalogue


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=belongs_to_catalogue,
        transaction_per_migration=False,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
