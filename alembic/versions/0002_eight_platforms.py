"""Consents, renewals, the health of platforms, figures of posts."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import autosched.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, autosched.db.UTCDateTime
    op.create_table(
        "consent",
        sa.Column("id", text(), nullable=False),
        sa.Column("workspace_id", text(), nullable=False),
        sa.Column("user_id", text(), nullable=False),
        sa.Column("account_id", text(), nullable=True),
        sa.Column("platform", text(), nullable=False),
        sa.Column("state_hash", text(), nullable=False),
        sa.Column("login_hash", text(), nullable=False),
        sa.Column("redirect_uri", text(), nullable=False),
        sa.Column("kept", text(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("problem", text(), nullable=True),
        sa.Column("expires_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_state_hash"), ["state_hash"], unique=True)
    op.create_table(
        "platform_health",
        sa.Column("platform", text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("open_until", moment(), nullable=True),
        sa.Column("since", moment(), nullable=True),
        sa.Column("recovering_since", moment(), nullable=True),
        sa.Column("reason", text(), nullable=False),
        sa.PrimaryKeyConstraint("platform"),
    )
    op.create_table(
        "figure",
        sa.Column("id", text(), nullable=False),
        sa.Column("target_id", text(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index("ix_figure_target", ["target_id", "at"], unique=False)
    for column in ("renew_at", "ends_at", "warned_at"):
        op.add_column("account", sa.Column(column, moment(), nullable=True))
    op.add_column("target", sa.Column("measure_at", moment(), nullable=True))
    for table, column in (("account", "renew_at"), ("target", "measure_at")):
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{column}",
            table,
            [column],
            unique=False,
            sqlite_where=some,
            postgresql_where=some,
        )


def downgrade() -> None:
    op.drop_index("ix_target_measure_at", table_name="target")
    op.drop_index("ix_account_renew_at", table_name="account")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_column("measure_at")
    with op.batch_alter_table("account", schema=None) as batch_op:
        for column in ("renew_at", "ends_at", "warned_at"):
            batch_op.drop_column(column)
    for table in ("figure", "platform_health", "consent"):
        op.drop_table(table)
