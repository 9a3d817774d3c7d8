"""Pictures being made."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import autosched.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATES = ("QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED")


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    # The type that all tables of jobs share is there already.
    state = sa.Enum(*_STATES, name="renderstate").with_variant(
        sa.dialects.postgresql.ENUM(*_STATES, name="renderstate", create_type=False), "postgresql"
    )
    op.create_table(
        "making",
        sa.Column("id", text(), nullable=False),
        sa.Column("workspace_id", text(), nullable=False),
        sa.Column("created_by", text(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("seconds_left", sa.Float(), nullable=True),
        sa.Column("stage", text(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", autosched.db.UTCDateTime(), nullable=True),
        sa.Column("lease", text(), nullable=True),
        sa.Column("error_code", text(), nullable=True),
        sa.Column("error", text(), nullable=True),
        sa.Column("created_at", autosched.db.UTCDateTime(), nullable=False),
        sa.Column("finished_at", autosched.db.UTCDateTime(), nullable=True),
        sa.Column("title", text(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("key", text(), nullable=False),
        sa.Column("asset_id", text(), nullable=True),
        sa.Column("credit", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("making", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_making_workspace_id"), ["workspace_id"])
        batch_op.create_index(batch_op.f("ix_making_key"), ["key"])
        some = sa.text("run_at IS NOT NULL")
        batch_op.create_index(
            "ix_making_run_at", ["run_at"], sqlite_where=some, postgresql_where=some
        )


def downgrade() -> None:
    op.drop_table("making")
