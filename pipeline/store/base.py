"""The declarative base, the naming convention, and the columns that many tables share."""

from enum import Enum
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

from pipeline.store.types import CleanText

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: Ids are given by the writer in the order of the input, so that two runs give the same rows.
Id = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=False)]
Name = Annotated[str, mapped_column(CleanText)]
Size = Annotated[int, mapped_column(BigInteger)]
Oid = Annotated[str, mapped_column(String(64))]  # 40 hex digits of SHA-1, or 64 of SHA-256


class Base(DeclarativeBase):
    """All tables. The class docstring is the table's line in the schema reference."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: CleanText}


def reference(target: str, *, index: bool = True, **options: Any) -> Any:  # noqa: ANN401
    """Make a foreign key to `table.column`; indexed unless it leads a key already."""
    return mapped_column(ForeignKey(target), index=index, **options)


def one_of(column: str, vocabulary: type[Enum]) -> CheckConstraint:
    """Hold a column to the words of a closed vocabulary."""
    words = ", ".join(f"'{word.value}'" for word in vocabulary)
    return CheckConstraint(f"{column} IN ({words})", name=column)
