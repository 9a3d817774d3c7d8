"""Templates of a workspace, with their versions."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import autosched.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, autosched.db.UTCDateTime
    op.create_table(
        "saved_template",
        sa.Column("id", text(), nullable=False),
        sa.Column("workspace_id", text(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("title", text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("credits", sa.JSON(), nullable=False),
        sa.Column("created_by", text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("trashed_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "name"),
    )
    with op.batch_alter_table("saved_template", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_template_workspace_id"), ["workspace_id"], unique=False
        )
    op.create_table(
        "template_version",
        sa.Column("id", text(), nullable=False),
        sa.Column("template_id", text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("note", text(), nullable=False),
        sa.Column("created_by", text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["saved_template.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("template_id", "number"),
    )


def downgrade() -> None:
    op.drop_table("template_version")
    op.drop_table("saved_template")
