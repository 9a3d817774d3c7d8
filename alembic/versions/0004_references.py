"""References of which the style is measured."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

import autosched.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATES = ("QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED")


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, autosched.db.UTCDateTime
    # The type is there: renders have it.
    known = postgresql.ENUM(*_STATES, name="renderstate", create_type=False)
    op.create_table(
        "analysis",
        sa.Column("id", text(), nullable=False),
        sa.Column("workspace_id", text(), nullable=False),
        sa.Column("created_by", text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="renderstate")
            if op.get_bind().dialect.name != "postgresql"
            else known,
            nullable=False,
        ),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("seconds_left", sa.Float(), nullable=True),
        sa.Column("stage", text(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", moment(), nullable=True),
        sa.Column("lease", text(), nullable=True),
        sa.Column("error_code", text(), nullable=True),
        sa.Column("error", text(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.Column("title", text(), nullable=False),
        sa.Column("asset_id", text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("asset_id"),
    )
    with op.batch_alter_table("analysis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_analysis_workspace_id"), ["workspace_id"])
    some = sa.text("run_at IS NOT NULL")
    op.create_index(
        "ix_analysis_run_at",
        "analysis",
        ["run_at"],
        unique=False,
        sqlite_where=some,
        postgresql_where=some,
    )


def downgrade() -> None:
    op.drop_table("analysis")
