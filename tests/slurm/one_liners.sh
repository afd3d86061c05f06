#!/usr/bin/env bash
# The one-liners of docs/clusters.md for other tools, as far as the tools are there:
# tests/slurm/one_liners.sh PROGRAM [PYTHON]
# PYTHON has Snakemake and Dask. The blocks are taken from the page.
set -euo pipefail
program=$(realpath "$1")
python=${2-}
here=$(dirname "$(realpath "$0")")
page=$here/../../docs/clusters.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir bin
ln -s "$program" bin/pairbond
PATH=$work/bin:$PATH

# The block of the page with this mark.
block() {
    awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } on && /^```$/ { exit } on' "$page" >"$2"
    test -s "$2"
}

make_plan() {
    rm -rf results
    pairbond sweep submit grid.toml --engine manual --shards 4 --quiet
}

same_results() {
    diff -r at_once results/grid-plan/results
    echo "$1: the bytes of one machine"
}

sed -e 's/^couples = .*/couples = 100/' -e 's/^days = .*/days = 30/' "$here/sweep.toml" >grid.toml
pairbond sweep grid.toml -o at_once --quiet

make_plan
block "sh name=parallel" parallel.sh
bash -e parallel.sh >/dev/null
same_results "GNU parallel"

if [[ -n $python ]]; then
    make_plan
    block "python file=Snakefile" Snakefile
    "$python" -m snakemake --cores 2 --quiet all 2>snakemake.log || { cat snakemake.log >&2 && exit 1; }
    same_results "Snakemake"
    make_plan
    block "python file=dask_shards.py" dask_shards.py
    "$python" dask_shards.py >/dev/null
    same_results "Dask"
fi

cat >mine.toml <<'SCENARIO'
title = "How often couples quarrel"
[run]
couples = 40
days = 20
[study]
couples = 15
burst_days = 5
diary = ["daily_satisfaction", "daily_conflict"]
[recover]
simulations = 100
tests = 40
[[recover.quantity]]
key = "parameters.conflict_rate"
prior = "log_uniform"
low = 0.05
high = 0.5
SCENARIO
rm -rf results
pairbond recover mine.toml -o recovered --quiet
block "sh name=recover" recover.sh
bash -e recover.sh >/dev/null
diff -r recovered results/mine
echo "GNU parallel: the bytes of a recovery analysis on one machine"
