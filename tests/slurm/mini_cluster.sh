# A Slurm cluster of some nodes on one machine, for tests: no system services, no root, no change outside its
# folder. Sourced by scripts that set `cluster` to a new folder. Needs the Debian packages slurm-wlm and munge.
# shellcheck shell=bash

export SLURM_CONF=$cluster/slurm.conf
PATH=$PATH:/usr/sbin

# A range of free ports: from a random base, the first at which none is taken.
free_ports() {
    local count=$1 base port
    for _ in {1..50}; do
        base=$((20000 + RANDOM % 20000))
        for ((port = base; port < base + count; port++)); do
            if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                continue 2
            fi
        done
        echo "$base"
        return
    done
    return 1
}

# Starts a cluster of nodes n1, n2, …: cluster_up NODES CORES LARGEST_ARRAY
cluster_up() {
    local nodes=$1 cores=$2 array=$3 node base user
    base=$(free_ports $((nodes + 1)))
    user=$(id -un)
    mkdir -p "$cluster"/{run,log,state}
    chmod 755 "$cluster" "$cluster/run"
    chmod 700 "$cluster/log"
    head -c 128 /dev/urandom >"$cluster/munge.key"
    chmod 400 "$cluster/munge.key"
    cat >"$SLURM_CONF" <<CONF
ClusterName=mini
SlurmctldHost=localhost
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$cluster/run/munge.socket
SlurmctldPort=$base
SlurmctldPidFile=$cluster/run/slurmctld.pid
SlurmctldLogFile=$cluster/log/slurmctld.log
SlurmdPidFile=$cluster/run/slurmd.%n.pid
SlurmdSpoolDir=$cluster/spool.%n
SlurmdLogFile=$cluster/log/slurmd.%n.log
StateSaveLocation=$cluster/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdTimeout=15
SlurmctldTimeout=15
MessageTimeout=10
TCPTimeout=5
KillWait=2
JobRequeue=1
ReturnToService=2
MaxArraySize=$array
SlurmdParameters=config_overrides
NodeName=n[1-$nodes] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[$((base + 1))-$((base + nodes))] CPUs=$cores RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP
CONF
    munged --key-file="$cluster/munge.key" --socket="$cluster/run/munge.socket" --force \
        --pid-file="$cluster/run/munged.pid" --log-file="$cluster/log/munged.log" \
        --seed-file="$cluster/run/munged.seed"
    slurmctld -c
    for ((node = 1; node <= nodes; node++)); do
        slurmd -N "n$node"
    done
    for _ in {1..300}; do
        if [[ $(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l) == "$nodes" ]]; then
            return
        fi
        sleep 0.1
    done
    echo "error: the cluster did not start" >&2
    tail -n 20 "$cluster"/log/*.log >&2
    return 1
}

# The processes of a node: its daemon, what it runs steps with, and its jobs.
processes_of_node() {
    local node=$1 environment process of_node
    cat "$cluster/run/slurmd.$node.pid" 2>/dev/null || true
    for process in $(pgrep -x slurmstepd || true); do
        # shellcheck disable=SC2012
        if ls -l "/proc/$process/fd" 2>/dev/null |
            grep -qF -e "$cluster/log/slurmd.$node." -e "$cluster/spool.$node"; then
            echo "$process"
        fi
    done
    # Few calls, so that a task does not end in the meantime.
    mapfile -t of_node < <(grep -lzxF "SLURMD_NODENAME=$node" /proc/[0-9]*/environ 2>/dev/null)
    for environment in $(grep -lzxF "SLURM_CONF=$SLURM_CONF" "${of_node[@]}" /dev/null 2>/dev/null); do
        process=${environment#/proc/}
        echo "${process%/environ}"
    done
}

# Ends all processes of a node at once, as if its power failed.
kill_node() {
    # shellcheck disable=SC2046
    kill -9 $(processes_of_node "$1" | sort -u) 2>/dev/null || true
}

# Starts a node again.
start_node() { slurmd -N "$1"; }

# Ends all processes of the cluster. Its folder is left.
cluster_down() {
    local spool daemon process
    for spool in "$cluster"/spool.*; do
        kill_node "${spool##*.}"
    done
    for daemon in slurmctld munged; do
        process=$(cat "$cluster/run/$daemon.pid" 2>/dev/null) || continue
        kill "$process" 2>/dev/null || continue
        for _ in {1..50}; do
            kill -0 "$process" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$process" 2>/dev/null || true
    done
}
