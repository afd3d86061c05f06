"""Checks a folder by the rules of Psych-DS whose violation its schema calls an error.

Usage: psych_ds.py FOLDER. The rules are those of schema 1.5 (https://psychds-docs.readthedocs.io): a description
with name, description and variableMeasured in the namespace of schema.org; a folder `data` with at least one CSV
table; names of tables that are pairs of keyword and value and end with `_data`; rows as long as their header; no
column twice; `row_id` unique; and a description of exactly the columns that tables have.
"""

import csv
import json
import re
import sys
from pathlib import Path

NAME = re.compile(r"([a-z]+-[a-zA-Z0-9]+)(_[a-z]+-[a-zA-Z0-9]+)*_data\.(csv|tsv)")
REQUIRED = ("name", "description", "variableMeasured")


def described(path, errors):
    """The names of the variables that a description has."""
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        errors.append("MISSING_DATASET_DESCRIPTION")
        return set()
    except ValueError as error:
        errors.append(f"INVALID_JSON_FORMATTING: {error}")
        return set()
    if not re.fullmatch(r"https?://schema\.org/?", str(description.get("@context"))):
        errors.append("JSON_KEY_REQUIRED: the namespace is not that of schema.org")
    if description.get("@type") != "Dataset":
        errors.append("INCORRECT_DATASET_TYPE")
    for key in REQUIRED:
        if not description.get(key):
            errors.append(f"JSON_KEY_REQUIRED: {key}")
    names = set()
    for variable in description.get("variableMeasured", []):
        if isinstance(variable, dict):
            if variable.get("@type") != "PropertyValue":
                errors.append(f"a variable that is no PropertyValue: {variable}")
            variable = variable.get("name")
        names.add(variable)
    return names


def columns_of(path, errors):
    """The columns of a table, whose rows are checked."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True, delimiter="\t" if path.suffix == ".tsv" else ",")
        header = next(rows, [])
        if not header:
            errors.append(f"CSV_HEADER_MISSING: {path.name}")
        if len(set(header)) < len(header):
            errors.append(f"CSV_HEADER_REPEATED: {path.name}")
        place = header.index("row_id") if "row_id" in header else None
        seen = set()
        for row in rows:
            if len(row) != len(header):
                errors.append(f"CSV_HEADER_LENGTH_MISMATCH: {path.name}, line {rows.line_num}")
                break
            if place is not None and row[place] in seen:
                errors.append(f"ROWID_VALUES_NOT_UNIQUE: {path.name}, line {rows.line_num}")
                break
            if place is not None:
                seen.add(row[place])
    return set(header)


def check(folder):
    errors = []
    variables = described(folder / "dataset_description.json", errors)
    data = folder / "data"
    if not data.is_dir():
        errors.append("MISSING_DATA_DIRECTORY")
    columns = set()
    tables = [path for path in sorted(data.rglob("*")) if path.suffix in (".csv", ".tsv")]
    for path in tables:
        if not NAME.fullmatch(path.name):
            errors.append(f"FILENAME_KEYWORD_FORMATTING_ERROR: {path.name}")
        own = columns_of(path, errors)
        if own - variables:
            errors.append(f"CSV_COLUMN_MISSING_FROM_METADATA: {path.name}: {sorted(own - variables)}")
        columns |= own
    if not tables:
        errors.append("MISSING_DATAFILE")
    if variables - columns:
        errors.append(f"VARIABLE_MISSING_FROM_CSV_COLUMNS: {sorted(variables - columns)}")
    return errors, len(tables), len(columns)


def main():
    folder = Path(sys.argv[1])
    errors, tables, columns = check(folder)
    for error in errors:
        print(f"{folder}: {error}", file=sys.stderr)
    if errors:
        sys.exit(1)
    print(f"{folder}: {tables} tables with {columns} columns are as Psych-DS asks for them")


if __name__ == "__main__":
    main()
