#!/usr/bin/env bash
# Sweeps on a cluster of two nodes: tests/slurm/end_to_end.sh PROGRAM [COUPLES]
# A node is killed, an array is cancelled, a shard is damaged, requests are refused. In the end the results have
# the bytes of the sweep on one machine. Whatever happens, the cluster is gone afterwards.
set -euo pipefail
program=$(realpath "$1")
# So many that a shard takes some tenths of a second or more.
couples=${2:-12000}
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
cluster=$work/cluster
# shellcheck source=mini_cluster.sh
source "$here/mini_cluster.sh"

clean_up() {
    local code=$?
    if ((code != 0)); then
        echo "--- what the cluster and the tasks said" >&2
        squeue -r >&2 || true
        tail -n 5 "$work"/*/*/logs/*.log >&2 || true
    fi
    cluster_down
    rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT
trap "exit 130" INT TERM HUP

fail() {
    echo "error: $1" >&2
    exit 1
}

# What changes as long as the cluster works.
signs_of_work() {
    squeue -h -r -o '%i %T' || true
    find "$plans" -mindepth 2 -maxdepth 3
    stat -c %s results/*/jobs.journal 2>/dev/null || true
}

# Runs a command until it succeeds, or fails once nothing has changed for two minutes: on a busy machine the
# shards of a plan may take longer.
until_true() {
    local limit=$((SECONDS + 120)) signs="" before=""
    until "$@"; do
        signs=$(signs_of_work)
        if [[ $signs != "$before" ]]; then
            before=$signs
            limit=$((SECONDS + 120))
        fi
        ((SECONDS < limit)) || fail "this did not become true: $*"
        sleep 0.2
    done
}

# A task that waits because its node failed starts at once, and not after Slurm's two minutes.
hurry() {
    local job
    for job in $(squeue -h -r -t PD -o '%i %r' | awk '$2 == "BeginTime" { print $1 }'); do
        scontrol update JobId="$job" StartTime=now 2>/dev/null || true
    done
}

queue_is_empty() {
    hurry
    [[ -z $(squeue -h) ]]
}

some_shards_are_done() { (($(find "$1/shards" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l) >= $2)); }

node_is_up() { [[ $(sinfo -h -N -n "$1" -o %t) =~ ^(idle|mix|alloc)$ ]]; }

# The process that does a shard on a node, and the number of the shard.
task_on() {
    local process shard
    for process in $(pgrep -f 'sweep task \. [0-9]'); do
        shard=$(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null | sed -n 's/.* sweep task \. \([0-9]*\) .*/\1/p')
        if [[ -n $shard ]] && grep -qzxF "SLURM_CONF=$SLURM_CONF" "/proc/$process/environ" 2>/dev/null &&
            grep -qzxF "SLURMD_NODENAME=$1" "/proc/$process/environ" 2>/dev/null; then
            echo "$process $shard"
            return
        fi
    done
    return 1
}

# Kills a node while it does a shard of a plan.
kill_in_mid_run() {
    local plan=$1 node=$2 task process shard limit=$((SECONDS + 300))
    while ((SECONDS < limit)); do
        if ! task=$(task_on "$node"); then
            sleep 0.1
            continue
        fi
        read -r process shard <<<"$task"
        # What is stopped cannot end before the node does.
        kill -STOP "$process" 2>/dev/null || continue
        if [[ -e $plan/shards/$shard ]]; then
            kill -CONT "$process" 2>/dev/null || true
            continue
        fi
        kill_node "$node"
        echo "$node was killed while it did shard $shard"
        return
    done
    fail "$node did no shard that could be interrupted"
}

# Fails unless a plan is merged, with the bytes of the sweep on one machine, and complete by hashes.
same_results() {
    diff -r "$work/at_once" "$1/results" || fail "$1: other bytes than on one machine"
    "$program" sweep status "$1" >/dev/null || fail "$1: status does not say that it is merged"
    [[ ! -e $1/attempts ]] || fail "$1: attempts were left"
}

cores=1
largest_array=6
cluster_up 2 "$cores" "$largest_array"
mkdir "$work/scenarios"
sed "s/^couples = .*/couples = $couples/" "$here/sweep.toml" >"$work/scenarios/sweep.toml"
cd "$work/scenarios"
"$program" sweep sweep.toml -o "$work/at_once" --bundle --quiet
plans="$work/it's \"a\" plan of \$HOME, ü #1"
mkdir "$plans"
submit=("$program" sweep submit sweep.toml --engine slurm --shards 12 --bundle --quiet)

echo "a node is killed; what it did not do is submitted again"
plan=$plans/killed
"${submit[@]}" -o "$plan" --sbatch-arg=--no-requeue --sbatch-arg="--comment=two words, 'quoted'" \
    --setup 'export OF_SETUP="it is set"'
# Arrays here have five tasks at most.
[[ $(squeue -h -o %F -n pairbond-sweep | sort -u | wc -l) == 3 ]] || fail "there are not three arrays"
until_true some_shards_are_done "$plan" 2
kill_in_mid_run "$plan" n2
until_true queue_is_empty
if "$program" sweep status "$plan" >"$work/status"; then
    fail "no shard is missing after a node was killed"
fi
cat "$work/status"
grep -q "missing: " "$work/status"
[[ ! -e $plan/results ]] || fail "the merge ran without all shards"
start_node n2
until_true node_is_up n2
"$program" sweep resubmit "$plan" --missing
until_true queue_is_empty
same_results "$plan"

echo "a task of a node that is killed starts again by itself"
plan=$plans/requeued
"${submit[@]}" -o "$plan"
kill_in_mid_run "$plan" n2
sleep 1
start_node n2
until_true queue_is_empty
same_results "$plan"

echo "an array is cancelled, one of its shards damaged, and another cut off"
plan=$plans/cancelled
"${submit[@]}" -o "$plan"
until_true some_shards_are_done "$plan" 3
scancel -n pairbond-sweep
until_true queue_is_empty
done_shards=("$plan"/shards/*)
echo more >>"${done_shards[0]}/jobs.journal"
rm "${done_shards[1]}/manifest.json"
"$program" sweep status "$plan" >"$work/status" && fail "damage is not seen"
[[ $(grep -c "damaged: " "$work/status") == 2 ]] || fail "damage is not said"
kept=$(stat -c %Y "${done_shards[2]}/manifest.json")
"$program" sweep resubmit "$plan" --missing --time 10
until_true queue_is_empty
same_results "$plan"
[[ $(stat -c %Y "${done_shards[2]}/manifest.json") == "$kept" ]] || fail "a shard was done twice"

echo "a task that is done is skipped, and nothing is submitted twice"
"$program" sweep task "$plan" 1-12 | grep -c "was done before" | grep -qx 12
"$program" sweep resubmit "$plan" --missing | grep -qx "submitted: nothing"
"$program" merge "$plan" | grep -q "merged before"

echo "a calibration is one job, as docs/clusters.md has it, and continues after its node was killed"
cat >mine.toml <<'DOCUMENT'
title = "The rate of trust"
targets = ["C09"]
[studies]
couples = 500
[sampler]
seed = 1
particles = 60
generations = 2
[[parameter]]
key = "parameters.trust_rate"
prior = "uniform"
low = 0.02
high = 0.08
DOCUMENT
"$program" calibrate mine.toml -o "$work/calibrated" --quiet
journal_has_grown() { (($(stat -c %s results/mine.unfinished/jobs.journal 2>/dev/null || echo 0) > 600)); }
mkdir "$work/bin"
ln -s "$program" "$work/bin/pairbond"
awk '$0 == "```sh name=calibrate" { on = 1; next } on && /^```$/ { exit } on' "$here/../../docs/clusters.md" |
    sed "s/--cpus-per-task=16/--cpus-per-task=$cores/" >"$work/calibrate.sh"
PATH=$work/bin:$PATH bash -e "$work/calibrate.sh"
until_true journal_has_grown
node=$(squeue -h -o %N)
pkill -STOP -f "^pairbond calibrate mine.toml -o results/mine "
kill_node "$node"
[[ ! -e results/mine ]] || fail "the calibration was done before its node was killed"
sleep 1
start_node "$node"
# Without --resume the unfinished work would be refused.
until_true queue_is_empty
diff -r "$work/calibrated" results/mine || fail "the calibration has other bytes than on one machine"

echo "a power analysis in shards"
rm -rf results
cat >mine.toml <<'SCENARIO'
title = "A partner effect"
[power]
replicates = 100
[power.vary]
couples = [20, 40]
[power.effects]
actor = 0.4
partner = 0.3
intercept_sd = 0.8
residual_sd = 1.0
[power.search]
effect = "partner_a"
from = 10
to = 100
SCENARIO
"$program" power mine.toml -o "$work/power" --quiet
awk '$0 == "```sh name=power" { on = 1; next } on && /^```$/ { exit } on' "$here/../../docs/clusters.md" >"$work/power.sh"
test -s "$work/power.sh"
PATH=$work/bin:$PATH bash -e "$work/power.sh"
until_true queue_is_empty
diff -r "$work/power" results/mine || fail "the power analysis has other bytes than on one machine"

echo "what Slurm refuses is said, and leaves nothing"
code=0
"${submit[@]}" -o "$plans/refused" --partition nowhere 2>"$work/refused" || code=$?
[[ $code == 2 ]] || fail "exit code $code"
grep -q "invalid partition" "$work/refused"
[[ ! -e $plans/refused && -z $(squeue -h) ]] || fail "something was left"
echo "a sweep on a cluster has the bytes of one machine"
