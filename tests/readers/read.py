"""Reads one run's CSV and Parquet tables as pandas does without options, and compares them.

python tests/readers/read.py CSV_FOLDER PARQUET_FOLDER
"""

import json
import pathlib
import sys

import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from pandas.api.types import is_float_dtype, is_integer_dtype, is_numeric_dtype
from pandas.testing import assert_frame_equal

text_folder, parquet_folder = map(pathlib.Path, sys.argv[1:3])
manifest = json.loads((text_folder / "manifest.json").read_text())
tables = [table for table in manifest["tables"] if table["name"] != "codebook"]
assert len(tables) >= 6, "a run with a diary has six tables"

for table in tables:
    name = table["name"]
    text = pd.read_csv(text_folder / f"{name}.csv")
    parquet = pd.read_parquet(parquet_folder / f"{name}.parquet")
    rows = next(file["rows"] for file in manifest["files"] if file["name"] == f"{name}.csv")
    assert len(text) == rows > 0, name
    assert list(text.columns) == [column["name"] for column in table["columns"]], name
    for column in table["columns"]:
        where = f"{name}.{column['name']}"
        of_text, of_parquet = text[column["name"]], parquet[column["name"]]
        match column["kind"]:
            case "float":
                # 0 and 1 alone make pandas guess whole numbers.
                assert is_numeric_dtype(of_text) and is_float_dtype(of_parquet), where
            case "integer":
                assert is_integer_dtype(of_text) and is_integer_dtype(of_parquet), where
            case "categorical":
                assert not is_numeric_dtype(of_text) and of_text.notna().all(), where
    kinds = {column["name"]: column["kind"] for column in table["columns"]}
    categories = [column for column, kind in kinds.items() if kind == "categorical"]
    floats = [column for column, kind in kinds.items() if kind == "float"]
    parquet[categories] = parquet[categories].astype(str)
    text[categories] = text[categories].astype(str)
    # Versions of pandas read decimals to the last bit or to a few before; Python does the former.
    assert_frame_equal(text, parquet, check_dtype=False, rtol=1e-13, atol=1e-16)
    exact = pd.read_csv(text_folder / f"{name}.csv", dtype=str)
    assert_frame_equal(exact[floats].astype(float), parquet[floats], check_exact=True)
    print(f"{name:11} {len(text):6} rows, {len(text.columns):2} columns")

days = pd.read_csv(text_folder / "days.csv")
couples = pd.read_csv(text_folder / "couples.csv")
last = days[(days.role == "a") & (days.couple_id == 1)].iloc[-1]
assert last.trust == couples.trust_end_a[0], "the diary ends where the couple's row says"
pairs = days.merge(days, left_on=["partner_id", "day"], right_on=["person_id", "day"])
assert len(pairs) == len(days) and (pairs.couple_id_x == pairs.couple_id_y).all()

# Couples that stay are censored and counted, and the curve is that of the program.
assert couples.time.notna().all() and (couples.status == couples.ended).all()
kaplan_meier = KaplanMeierFitter().fit(couples.time, couples.status)
assert kaplan_meier.event_table.at_risk.iloc[0] == len(couples)
survival = pd.read_csv(text_folder / "survival.csv")
curve = kaplan_meier.survival_function_at_times(survival.day).to_numpy()
assert abs(curve - survival.survival).max() < 1e-12
cox = CoxPHFitter().fit(couples[["time", "status", "anxiety_a", "anxiety_b"]], "time", "status")
assert cox.event_observed.sum() == couples.ended.sum() and cox.params_.notna().all()
print(cox.summary[["coef", "se(coef)"]])
