"""The migrations make what the models say, on both databases."""

from __future__ import annotations

from sqlmodel import SQLModel

from autosched import db, migrations


def test_the_migrations_make_exactly_what_the_models_say(database: str) -> None:
    SQLModel.metadata.drop_all(db.engine())
    assert migrations.pending()
    migrations.upgrade()
    assert migrations.differences() == []
    assert not migrations.pending()


def test_bringing_a_database_up_to_date_twice_changes_nothing(database: str) -> None:
    SQLModel.metadata.drop_all(db.engine())
    migrations.upgrade()
    migrations.upgrade()
    assert not migrations.pending()
