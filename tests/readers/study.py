"""Reads a study's tables as pandas does without options, in both formats, and checks what they hold.

python tests/readers/study.py CSV_FOLDER PARQUET_FOLDER
"""

import pathlib
import sys

import pandas as pd
from pandas.testing import assert_frame_equal, assert_series_equal

text_folder, parquet_folder = map(pathlib.Path, sys.argv[1:3])
tables = {}
for name in ["diary", "diary_pairwise", "waves", "instruments"]:
    text = pd.read_csv(text_folder / f"{name}.csv")
    parquet = pd.read_parquet(parquet_folder / f"{name}.parquet")
    words = [column for column in text if not pd.api.types.is_numeric_dtype(text[column])]
    parquet[words] = parquet[words].astype(str)
    text[words] = text[words].astype(str)
    assert_frame_equal(text, parquet, check_dtype=False, rtol=1e-13, atol=1e-16)
    tables[name] = text
    print(f"{name:14} {len(text):6} rows, {len(text.columns):2} columns")

diary, pairs = tables["diary"], tables["diary_pairwise"]
missed = 1 - diary.answered.mean()
assert 0.05 < missed < 0.15, missed
scores = [column for column in diary if column.startswith("daily_")]
assert diary.loc[diary.answered == 0, scores].isna().all(axis=None)
assert diary.loc[diary.answered == 1, "daily_satisfaction"].between(1, 7).all()

# Person means and deviations from them, made again.
mean = diary.groupby("person_id").daily_stress.transform("mean")
close = dict(check_names=False, rtol=1e-12, atol=1e-12)
assert_series_equal(pairs.daily_stress_a_cm, mean, **close)
assert_series_equal(pairs.daily_stress_a_cwc, diary.daily_stress - mean, **close)
partner = diary.merge(pairs, left_on=["partner_id", "day"], right_on=["person_id", "day"])
assert len(partner) == len(diary)
assert_series_equal(partner.daily_stress_p, partner.daily_stress, **close)

waves = tables["waves"]
assert set(waves.wave) == {1, 2} and set(waves.day) == {10, 80}
assert waves.trust.corr(waves.satisfaction) > 0.3
instruments = tables["instruments"].set_index("scale")
assert instruments.n["daily_satisfaction"] == diary.answered.sum()
assert abs(instruments.score_sd["trust"] - waves.trust.std()) < 1e-9
