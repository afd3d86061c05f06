//! Scripts that Slurm runs: one task of the array of shards, and the merge.

use super::estimate::{JobLimit, JobLimits};
use super::slurm::SlurmOptions;
use std::path::Path;

/// Name of the script of the shards.
pub(crate) const SHARDS_SCRIPT: &str = "shards.sh";
/// Name of the script of the merge.
pub(crate) const MERGE_SCRIPT: &str = "merge.sh";

/// What both scripts need.
pub(crate) struct ScriptContext<'a> {
    /// Name of the scenario's file.
    pub(crate) scenario_file: &'a str,
    /// The program.
    pub(crate) program: &'a Path,
    /// Number of shards.
    pub(crate) shards: u64,
    /// What the user asks for.
    pub(crate) options: &'a SlurmOptions,
}

/// The script of one task of the array.
pub(crate) fn shards_script(context: &ScriptContext<'_>, estimate: &JobLimits) -> Vec<u8> {
    let shards = context.shards;
    let mut script = head(
        context,
        "",
        &format!(
            "One shard of {shards} of the sweep of {}.\n\
             A task of an array does the shard with its index, to which the first argument is added. By hand,\n\
             in the folder of this script: sbatch --array=1-{} {SHARDS_SCRIPT} 0",
            one_line(context.scenario_file),
            shards.min(1000)
        ),
        "logs/%A_%a.log",
        estimate,
    );
    text(
        &mut script,
        "shard=$((${1:-0} + SLURM_ARRAY_TASK_ID))\n\
         exec \"${PAIRBOND:-$pairbond}\" sweep task . \"$shard\" --threads \"${SLURM_CPUS_PER_TASK:-1}\"\n",
    );
    script
}

/// The script of the merge.
pub(crate) fn merge_script(context: &ScriptContext<'_>, estimate: &JobLimits) -> Vec<u8> {
    let mut script = head(
        context,
        "-merge",
        &format!(
            "Merges the {} shards of the sweep of {} into the folder `results`.\n\
             By hand, in the folder of this script: sbatch {MERGE_SCRIPT}",
            context.shards,
            one_line(context.scenario_file),
        ),
        "logs/merge_%j.log",
        estimate,
    );
    text(
        &mut script,
        "# A node may see only later what other nodes wrote: shards are looked at again for up to five minutes.\n\
         exec \"${PAIRBOND:-$pairbond}\" merge . --wait 300\n",
    );
    script
}

fn head(
    context: &ScriptContext<'_>,
    suffix: &str,
    about: &str,
    log: &str,
    estimate: &JobLimits,
) -> Vec<u8> {
    let options = context.options;
    let mut script = Vec::new();
    text(&mut script, "#!/bin/bash\n");
    comment(&mut script, about);
    comment(
        &mut script,
        &format!(
            "Written by `pairbond sweep submit`, version {}.",
            env!("CARGO_PKG_VERSION")
        ),
    );
    directive(
        &mut script,
        &format!("--job-name={}{suffix}", job_name(context.scenario_file)),
    );
    directive(&mut script, &format!("--output={log}"));
    // A task whose node fails starts again, and its log goes on.
    directive(&mut script, "--open-mode=append");
    directive(&mut script, "--requeue");
    directive(&mut script, "--nodes=1");
    directive(&mut script, "--ntasks=1");
    directive(&mut script, &format!("--cpus-per-task={}", estimate.cpus));
    for (name, JobLimit { value, reason }) in
        [("--time", &estimate.time), ("--mem", &estimate.memory)]
    {
        comment(&mut script, reason);
        directive(&mut script, &format!("{name}={value}"));
    }
    for argument in options.common_arguments() {
        directive(&mut script, &argument);
    }
    text(&mut script, "\nset -e -o pipefail\n");
    for line in &options.setup {
        text(&mut script, line);
        text(&mut script, "\n");
    }
    text(
        &mut script,
        "# The variable PAIRBOND may name another program of the same version.\npairbond=",
    );
    script.extend(shell_quoted(context.program.as_os_str().as_encoded_bytes()));
    text(&mut script, "\n");
    script
}

fn text(script: &mut Vec<u8>, text: &str) {
    script.extend_from_slice(text.as_bytes());
}

fn comment(script: &mut Vec<u8>, about: &str) {
    for line in about.lines() {
        text(script, &format!("# {}\n", line.trim()));
    }
}

fn directive(script: &mut Vec<u8>, argument: &str) {
    text(script, &format!("#SBATCH {}\n", directive_quoted(argument)));
}

/// An argument as Slurm reads it after `#SBATCH`: blanks and `#` end it unless it is in quotes, in which `\`
/// precedes a quote and itself.
fn directive_quoted(argument: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "-_=./:,%+@[]".contains(it);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    let escaped = argument.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// A text as one word of a shell, whatever it contains.
fn shell_quoted(bytes: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for byte in bytes {
        match byte {
            b'\'' => quoted.extend_from_slice(b"'\\''"),
            byte => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

/// A text without characters that would end a comment.
fn one_line(text: &str) -> String {
    let shown = |it: char| if it.is_control() { ' ' } else { it };
    text.chars().map(shown).collect()
}

/// The name of a job: that of the scenario's file, with the characters that any tool takes.
fn job_name(scenario_file: &str) -> String {
    let stem = scenario_file.strip_suffix(".toml").unwrap_or(scenario_file);
    let plain = |it: char| {
        if it.is_ascii_alphanumeric() || it == '-' {
            it
        } else {
            '_'
        }
    };
    let name: String = stem.chars().take(40).map(plain).collect();
    format!("pairbond-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate() -> JobLimits {
        let of = |value: &str| JobLimit {
            value: value.to_owned(),
            reason: "An estimate.".to_owned(),
        };
        JobLimits {
            cpus: 2,
            time: of("00:07:00"),
            memory: of("256M"),
        }
    }

    fn script(program: &str, options: &SlurmOptions) -> String {
        let context = ScriptContext {
            scenario_file: "my grid\nrm.toml",
            program: Path::new(program),
            shards: 12,
            options,
        };
        String::from_utf8(shards_script(&context, &estimate())).expect("UTF-8")
    }

    #[test]
    fn a_script_says_what_it_asks_for_and_does_one_shard() {
        let options = SlurmOptions {
            partition: Some("main".to_owned()),
            sbatch_args: vec!["--comment=two words".to_owned()],
            setup: vec!["module load gcc".to_owned()],
            ..SlurmOptions::default()
        };
        let text = script("/opt/it's mine/pairbond", &options);
        for line in [
            "#SBATCH --job-name=pairbond-my_grid_rm",
            "#SBATCH --time=00:07:00",
            "#SBATCH --mem=256M",
            "#SBATCH --cpus-per-task=2",
            "#SBATCH --partition=main",
            "#SBATCH \"--comment=two words\"",
            "module load gcc",
            "pairbond='/opt/it'\\''s mine/pairbond'",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
        assert!(
            !text.lines().any(|line| line.starts_with("rm.toml")),
            "{text}"
        );
        let first_command = text.find("\nset -e").expect("a command");
        let last_directive = text.rfind("#SBATCH").expect("a directive");
        assert!(last_directive < first_command, "Slurm reads none after it");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_a_quoted_text_as_it_is() {
        use std::os::unix::ffi::OsStringExt;
        for name in [
            "plain",
            "two words",
            "it's",
            "\"$HOME\" `id` \\ \n ü #",
            "'",
        ] {
            let mut command = b"printf %s ".to_vec();
            command.extend(shell_quoted(name.as_bytes()));
            let printed = std::process::Command::new("sh")
                .arg("-c")
                .arg(std::ffi::OsString::from_vec(command))
                .output()
                .expect("a shell");
            assert_eq!(String::from_utf8_lossy(&printed.stdout), name);
        }
    }
}
