# The calls that simulate.

#' Run a scenario
#'
#' Simulates the couples of a scenario and returns the results, as `pairbond run` does: the same
#' files with the same bytes.
#'
#' @details
#' Without `out`, results are in a temporary folder. It is removed when the returned object is
#' not used any more, and at the end of the session. With `out`, they stay there. A folder appears
#' whole or not at all, and one that exists is replaced only with `force = TRUE`.
#'
#' An interrupt (Ctrl-C, the stop button) ends the program at its next job. A run leaves nothing; of
#' a sweep, what was done is kept, and the message says how to resume it.
#'
#' @param scenario A scenario: a list of [pb_scenario()], or the path of a TOML file.
#' @param out Folder of the results; by default a temporary one.
#' @param set Values that replace those of the scenario, by key: a named list or vector, such as
#'   `list(run.couples = 200, mechanisms.conflict = FALSE)`.
#' @param seed Seed, a number or, above 2^53, text.
#' @param threads Number of threads; by default all cores. Results do not depend on it.
#' @param force Whether older results in `out` are replaced.
#' @param bundle Whether what repositories ask for is added: RO-Crate metadata, a Psych-DS description with the tables
#'   in `data`, and the preregistration of the scenario. [pb_bundle()] does it later.
#' @param charts,report Whether charts and `report.html` are made at once. By default they are
#'   where `out` is given; [pb_plot()] and [pb_report()] make them later.
#' @param progress Whether to show progress.
#' @return Results (see [pb_open()]). The program's warnings are R warnings.
#' @examples
#' if (pb_available()) {
#'   mine <- pb_scenario(title = "Mine", run = list(couples = 100, days = 60))
#'   run <- pb_run(mine, set = list(traits.a.anxiety = 0.7))
#'   couples <- pb_read(run, "couples")
#'   mean(couples$trust_end_a)
#' }
#' @export
pb_run <- function(scenario, out = NULL, set = list(), seed = NULL, threads = NULL, force = FALSE,
                   charts = !is.null(out), report = charts, bundle = FALSE, progress = default_progress()) {
  simulate("run", list(scenario), out, set, seed, threads, force, charts, report, bundle, progress)
}

#' Run a sweep
#'
#' Runs all points of a scenario's `[sweep]`, as `pairbond sweep` does.
#'
#' @inheritParams pb_run
#' @param resume Whether a sweep that was interrupted is resumed: the same call with the same `out`.
#' @param reuse Folders of finished sweeps, or their results, whose runs are taken over.
#' @param shard Part of the jobs, such as `"2/8"`; `pb_command("merge", ...)` joins them.
#' @return Results (see [pb_open()]), with the tables `points`, `runs`, `summaries`, `contrasts` and others that
#'   depend on the design.
#' @examples
#' if (pb_available()) {
#'   sweep <- pb_sweep(pb_scenario(
#'     title = "Anxiety of A",
#'     run = list(couples = 40, days = 30, replicates = 2),
#'     sweep = list(
#'       design = "grid",
#'       axis = list(list(key = "traits.a.anxiety", name = "anxiety", values = c(0.2, 0.5, 0.8)))
#'     )
#'   ))
#'   subset(pb_read(sweep, "summaries"), observable == "mean trust", c(anxiety, mean, ci_low, ci_high))
#' }
#' @export
pb_sweep <- function(scenario, out = NULL, set = list(), seed = NULL, threads = NULL, resume = FALSE, reuse = NULL,
                     shard = NULL, force = FALSE, charts = !is.null(out), report = charts, bundle = FALSE,
                     progress = default_progress()) {
  if (inherits(reuse, "pairbond_results")) {
    reuse <- list(reuse)
  }
  folders <- vapply(reuse, function(it) if (inherits(it, "pairbond_results")) it$folder else absolute(it), "")
  more <- c(job_arguments(resume, shard, out), if (length(folders) > 0L) paste0("--reuse=", folders))
  simulate("sweep", list(scenario), out, set, seed, threads, force, charts, report, bundle, progress, more)
}

#' Test the claims of a scenario
#'
#' Tests each `[[claim]]` of a scenario on replicates until it is supported, refuted or undecided, as `pairbond claims`
#' does.
#'
#' @inheritParams pb_run
#' @param max_runs Largest number of replicates of a condition (16 or more; by default 256).
#' @param ablate Names of mechanisms that are switched off in every condition.
#' @param audit Whether each claim is tested again under changes that must not matter: half the step, other moments, twice
#'   the couples, other seeds and swapped partners. The table `audit` has the effects.
#' @return Results (see [pb_open()]) with the tables `claims` and `runs`. If a verdict is not the one that the scenario
#'   expects, a warning says so.
#' @examples
#' if (pb_available()) {
#'   claims <- pb_claims(pb_scenario(
#'     title = "Responsive partners",
#'     run = list(couples = 30, days = 30),
#'     condition = list(
#'       low = list(traits = list(responsiveness = 0.4)),
#'       high = list(traits = list(responsiveness = 0.8))
#'     ),
#'     claim = list(list(
#'       name = "trust_follows", statement = "Trust follows responsiveness", observable = "trust",
#'       contrast = list(high = 1, low = -1), rule = "greater", sesoi = 0.02, expect = "supported"
#'     ))
#'   ))
#'   pb_read(claims, "claims", c("claim", "effect", "ci_low", "ci_high", "verdict"))
#' }
#' @export
pb_claims <- function(scenario, out = NULL, set = list(), seed = NULL, threads = NULL, max_runs = NULL, ablate = NULL,
                      audit = FALSE, force = FALSE, charts = !is.null(out), report = charts, bundle = FALSE,
                      progress = default_progress()) {
  more <- c(
    if (!is.null(max_runs)) paste0("--max-runs=", count_text(max_runs, "max_runs")),
    if (!is.null(ablate)) paste0("--ablate=", ablate), if (one_flag(audit, "audit")) "--audit"
  )
  simulate("claims", list(scenario), out, set, seed, threads, force, charts, report, bundle, progress, more)
}

#' Make data sets of a study
#'
#' Makes data sets as the `[study]` of a scenario would have them, as `pairbond study` does: answers in long, dyadic and
#' pairwise layouts, the truth behind them, and scripts for R that fit models of couples to them.
#'
#' @inheritParams pb_run
#' @param replicates Number of data sets. A data set is the same whatever their number.
#' @return Results (see [pb_open()]) with the tables `prompts_pairwise`, `waves_pairwise`, `participants`, `participation`,
#'   `truth` and others that depend on the design.
#' @examples
#' if (pb_available()) {
#'   data <- pb_study(pb_scenario(
#'     title = "A diary",
#'     run = list(couples = 60, days = 20),
#'     study = list(couples = 20, burst_days = 5, diary = c("daily_satisfaction", "daily_conflict"))
#'   ))
#'   head(pb_read(data, "prompts_pairwise", c("couple", "day", "daily_satisfaction_a", "daily_conflict_p")))
#' }
#' @export
pb_study <- function(scenario, out = NULL, set = list(), seed = NULL, threads = NULL, replicates = 1, force = FALSE,
                     charts = !is.null(out), report = charts, bundle = FALSE, progress = default_progress()) {
  more <- paste0("--replicates=", count_text(replicates, "replicates"))
  simulate("study", list(scenario), out, set, seed, threads, force, charts, report, bundle, progress, more)
}

#' Measure the power of a study
#'
#' Measures how often a study sees the effects that its scenario's `[power]` gives, or those that the simulated couples of
#' its `[study]` have, and searches for the smallest design that suffices, as `pairbond power` does.
#'
#' @inheritParams pb_run
#' @param replicates Number of data sets of each design; by default that of the scenario.
#' @param resume Whether an analysis that was interrupted is resumed: the same call with the same `out`.
#' @param shard Part of the jobs, such as `"2/8"`; `pb_command("merge", ...)` joins them.
#' @return Results (see [pb_open()]) with the table `power`: power, bias, coverage and errors of sign and size of each effect
#'   in each design, with Monte Carlo intervals; with a `[power.search]` also `frontier` and `searched`.
#' @examples
#' if (pb_available()) {
#'   power <- pb_power(pb_scenario(
#'     title = "A partner effect",
#'     power = list(
#'       replicates = 20, occasions = 5, vary = list(couples = c(20, 40)),
#'       effects = list(actor = 0.3, partner = 0.2, intercept_sd = 1, residual_sd = 1)
#'     )
#'   ))
#'   subset(pb_read(power, "power"), effect == "partner_a", c(couples, power, power_low, power_high))
#' }
#' @export
pb_power <- function(scenario, out = NULL, set = list(), seed = NULL, threads = NULL, replicates = NULL, resume = FALSE,
                     shard = NULL, force = FALSE, charts = !is.null(out), report = charts, bundle = FALSE,
                     progress = default_progress()) {
  more <- c(
    job_arguments(resume, shard, out),
    if (!is.null(replicates)) paste0("--replicates=", count_text(replicates, "replicates"))
  )
  simulate("power", list(scenario), out, set, seed, threads, force, charts, report, bundle, progress, more)
}

#' Examine what a study could tell
#'
#' Draws the numbers that a scenario's `[recover]` names from their priors, simulates couples with them, looks at the couples
#' through its `[study]` and infers the numbers back, as `pairbond recover` does. With `[[rival]]` it says which explanations a
#' study tells apart.
#'
#' @inheritParams pb_run
#' @param resume Whether an analysis that was interrupted is resumed: the same call with the same `out`.
#' @param shard Part of the jobs, such as `"2/8"`; `pb_command("merge", ...)` joins them.
#' @return Results (see [pb_open()]) with the tables `recovery`: contraction, bias, coverage and a verdict of each quantity in each
#'   design, `pairs`: which two cannot be told apart, and `regions`: the same by thirds of the priors; with rivals also `rivals` and
#'   `confusion`.
#' @examples
#' if (pb_available()) {
#'   told <- pb_recover(pb_scenario(
#'     title = "Does a diary tell how often couples quarrel?",
#'     run = list(couples = 40, days = 20),
#'     study = list(couples = 15, burst_days = 5, diary = c("daily_satisfaction", "daily_conflict")),
#'     recover = list(simulations = 100, tests = 40, quantity = list(
#'       list(key = "parameters.conflict_rate", prior = "log_uniform", low = 0.05, high = 0.5)
#'     ))
#'   ))
#'   pb_read(told, "recovery", c("quantity", "verdict", "contraction", "contraction_low", "contraction_high"))
#' }
#' @export
pb_recover <- function(scenario, out = NULL, set = list(), seed = NULL, threads = NULL, resume = FALSE, shard = NULL, force = FALSE,
                       charts = !is.null(out), report = charts, bundle = FALSE, progress = default_progress()) {
  more <- job_arguments(resume, shard, out)
  simulate("recover", list(scenario), out, set, seed, threads, force, charts, report, bundle, progress, more)
}

#' Compare runs couple by couple
#'
#' Simulates finished runs or scenarios again as conditions of one scenario, with common random numbers, as
#' `pairbond compare` does. The first is the reference of the paired differences.
#'
#' @inheritParams pb_run
#' @param ... Two or more results of [pb_run()], their folders, scenarios or files, best with names:
#'   `plain = a, taught = b`.
#' @return Results (see [pb_open()]) in which every table has a column `condition`, with the table `differences`.
#' @examples
#' if (pb_available()) {
#'   plain <- pb_scenario(title = "Plain", run = list(couples = 50, days = 30))
#'   taught <- pb_set(plain, title = "Taught", traits.a.responsiveness = 0.95)
#'   both <- pb_compare(plain = plain, taught = taught)
#'   subset(
#'     pb_read(both, "differences"), observable == "trust" & day == 30,
#'     c(role, over, n, difference, ci_low, ci_high)
#'   )
#' }
#' @export
pb_compare <- function(..., out = NULL, threads = NULL, force = FALSE, charts = !is.null(out), report = charts,
                       bundle = FALSE, progress = default_progress()) {
  scenarios <- list(...)
  if (length(scenarios) < 2L) {
    bad_argument("give two or more results or scenarios to compare")
  }
  scenarios <- lapply(scenarios, function(it) if (inherits(it, "pairbond_results")) check_folder(it)$folder else it)
  simulate("compare", scenarios, out, list(), NULL, threads, force, charts, report, bundle, progress)
}

#' Preregister a scenario
#'
#' Returns the plan of a scenario as `pairbond preregister` writes it: aims, data, what is estimated, methods and measures.
#' The text is the same before and after the run.
#'
#' @inheritParams pb_run
#' @param out File to write; it is replaced only with `force`.
#' @return The text in Markdown, one element for each line, or `out`, invisibly.
#' @examples
#' if (pb_available()) {
#'   head(pb_preregister(pb_scenario(title = "Mine", run = list(couples = 100, days = 60))))
#' }
#' @export
pb_preregister <- function(scenario, out = NULL, set = list(), seed = NULL, force = FALSE) {
  place <- place_scenarios(list(scenario))
  on.exit(unlink(place$folder, recursive = TRUE))
  args <- c(
    "preregister", set_arguments(set), if (!is.null(seed)) paste0("--seed=", count_text(seed, "seed")),
    if (one_flag(force, "force")) "--force", if (!is.null(out)) paste0("--out=", absolute(one_text(out, "out"))),
    file_arguments(place$files)
  )
  done <- call_program(args, place$folder)
  warn_of(done$messages)
  if (is.null(out)) done$stdout else invisible(out)
}

# The options that say which jobs are done; what is resumed has a folder.
job_arguments <- function(resume, shard, out) {
  if (one_flag(resume, "resume") && is.null(out)) {
    bad_argument("`out` must name the folder of what is resumed")
  }
  c(if (resume) "--resume", if (!is.null(shard)) paste0("--shard=", one_text(shard, "shard")))
}

simulate <- function(command, scenarios, out, set, seed, threads, force, charts, report, bundle, progress,
                     more = NULL) {
  place <- place_scenarios(scenarios, names(scenarios))
  on.exit(unlink(place$folder, recursive = TRUE))
  if (is.null(out)) {
    temporary <- tempfile("results-", tempdir(check = TRUE))
    dir.create(temporary)
    # What was interrupted stays for `resume`.
    on.exit(if (length(dir(temporary, all.files = TRUE, no.. = TRUE)) == 0L) unlink(temporary, recursive = TRUE), add = TRUE)
    folder <- file.path(temporary, command)
  } else {
    folder <- absolute(sub("[/\\\\]+$", "", one_text(out, "out")))
  }
  files <- place$files
  if (!is.null(names(scenarios))) {
    named <- nzchar(names(scenarios))
    files[named] <- paste0(names(scenarios)[named], "=", files[named])
  }
  args <- c(
    command, set_arguments(set), if (!is.null(seed)) paste0("--seed=", count_text(seed, "seed")),
    thread_argument(threads), more, if (one_flag(force, "force")) "--force",
    if (!one_flag(charts, "charts")) "--no-charts", if (!one_flag(report, "report")) "--no-report",
    if (one_flag(bundle, "bundle")) "--bundle",
    paste0("--out=", folder), file_arguments(files)
  )
  resume <- if (command %in% c("sweep", "power", "recover")) {
    shown <- encodeString(if (is.null(out)) folder else out, quote = "\"")
    paste0("To resume it: pb_", command, "(..., out = ", shown, ", resume = TRUE)")
  }
  # The claims of a scenario have a folder with its name.
  place_of_results <- if (command == "claims") file.path(folder, tools_stem(place$files)) else folder
  written <- function() file.info(file.path(place_of_results, "manifest.json"))$mtime
  before <- written()
  done <- tryCatch(call_program(args, place$folder, one_flag(progress, "progress"), resume), pairbond_failed = identity)
  if (inherits(done, "condition")) {
    # A verdict that was not expected, or a chart that could not be drawn: the results are there.
    if (is.na(written()) || identical(written(), before)) {
      stop(done)
    }
    pb_warn(paste(done$stderr, collapse = "\n"), diagnostics = done$diagnostics)
  } else {
    warn_of(done$messages)
  }
  results <- results_of(place_of_results, read_manifest(place_of_results), summary_lines(done$stdout))
  if (is.null(out)) {
    results$temporary <- temporary_folder(temporary)
  }
  results
}

# What the program prints of results, without where they are.
summary_lines <- function(stdout) {
  stdout[!grepl("codebook.csv describes the columns$", stdout)]
}

# Removes a folder when nothing refers to what is returned any more.
temporary_folder <- function(path) {
  handle <- new.env(parent = emptyenv())
  handle$path <- path
  handle$process <- Sys.getpid()
  # A forked process has a copy of the handle, but the folder is not its own.
  reg.finalizer(handle, function(handle) {
    if (handle$process == Sys.getpid()) {
      unlink(handle$path, recursive = TRUE)
    }
  })
  handle
}

# A count as text; digits may be given as text, since doubles round integers above 2^53.
count_text <- function(x, name) {
  if (is.character(x) && length(x) == 1L && grepl("^[0-9]+$", x)) {
    return(as.character(unclass(x)))
  }
  if (!is.numeric(x) || length(x) != 1L || is.na(x) || x < 0 || x != trunc(x)) {
    bad_argument("`", name, "` must be an integer from 0 up")
  }
  if (x > 2^53) {
    bad_argument("`", name, "` is above 2^53, where numbers of R are rounded: give its digits as text")
  }
  sprintf("%.0f", x)
}

thread_argument <- function(threads) {
  if (!is.null(threads)) paste0("--threads=", count_text(threads, "threads"))
}
