"""The catalogue: tables, migrations, writing, asking. The only home of SQLAlchemy and Alembic."""
