"""Series: one design over many verses."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import autosched.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "series",
        sa.Column("id", text(), nullable=False),
        sa.Column("workspace_id", text(), nullable=False),
        sa.Column("created_by", text(), nullable=False),
        sa.Column("title", text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", autosched.db.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_workspace_id"), ["workspace_id"])
    with op.batch_alter_table("render", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", text(), nullable=True))
        batch_op.add_column(sa.Column("series_group", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_render_series_id"), ["series_id"])
        batch_op.create_foreign_key("fk_render_series", "series", ["series_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("render", schema=None) as batch_op:
        batch_op.drop_constraint("fk_render_series", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_render_series_id"))
        batch_op.drop_column("series_group")
        batch_op.drop_column("series_id")
    op.drop_table("series")
