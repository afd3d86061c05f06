wait_for <- function(condition, seconds = 120) {
  end <- Sys.time() + seconds
  while (!condition() && Sys.time() < end) Sys.sleep(0.05)
  condition()
}

long_sweep <- c(
  "scenario <- pb_scenario(",
  "  title = 'Long', run = list(couples = 16000, days = 365, replicates = 3),",
  "  sweep = list(design = 'grid', axis = list(list(key = 'traits.a.anxiety', name = 'anxiety', range = c(0.1, 0.9), steps = 10)))",
  ")"
)

test_that("an interrupted sweep stops cleanly, says how to resume, and resumes to the same bytes", {
  skip_without_program()
  skip_if_not_installed_here()
  folder <- fresh_folder()
  child <- r_process(c(long_sweep, "pb_sweep(scenario, out = 'one', threads = 1, charts = FALSE)"), folder)
  journal <- file.path(folder, "one.unfinished", "jobs.journal")
  expect_true(wait_for(function() file.exists(journal)))
  # The journal is written from time to time, so that its size does not tell how far the sweep is.
  Sys.sleep(1)
  child$interrupt()
  child$wait(30000)
  expect_false(child$is_alive())
  said <- paste(child$read_all_output_lines(), collapse = "\n")
  expect_match(said, "pairbond was stopped: interrupted after [0-9]+ of 10 jobs")
  expect_match(said, "pb_sweep(..., out = \"one\", resume = TRUE)", fixed = TRUE)
  expect_false(dir.exists(file.path(folder, "one")))
  expect_true(file.exists(journal))
  eval(parse(text = long_sweep))
  old <- setwd(folder)
  on.exit(setwd(old), add = TRUE)
  # The folder is free at once: the program does not go on without R.
  resumed <- pb_sweep(scenario, out = "one", resume = TRUE, charts = FALSE)
  whole <- pb_sweep(scenario, out = "two", charts = FALSE)
  expect_identical(files_of(resumed$folder), files_of(whole$folder))
})

test_that("an interrupt can be caught, and a time limit ends the program, too", {
  skip_without_program()
  skip_if_not_installed_here()
  folder <- fresh_folder()
  child <- r_process(c(
    long_sweep,
    "setTimeLimit(elapsed = 1.5)",
    "ended <- try(pb_run(scenario, set = list(run.couples = 3e6), out = 'x'), silent = TRUE)",
    "setTimeLimit()",
    "cat('ended:', inherits(ended, 'try-error'), '\\n')",
    "caught <- tryCatch(pb_run(scenario, set = list(run.couples = 3e6), out = 'y'), interrupt = function(e) 'caught')",
    "cat('interrupt:', caught, '\\n')",
    "cat('left:', list.files('.', '^[.]?[xy]', all.files = TRUE), '\\n')"
  ), folder)
  expect_true(wait_for(function() length(list.files(folder, "^\\.y", all.files = TRUE)) > 0))
  Sys.sleep(0.3)
  child$interrupt()
  child$wait(30000)
  said <- child$read_all_output_lines()
  expect_true("ended: TRUE " %in% said)
  expect_true("interrupt: caught " %in% said)
  expect_true("left:  " %in% said)
})

test_that("a program that is killed in mid-run is an error, and what it left goes with the next", {
  skip_without_program()
  skip_if_not_installed_here()
  skip_if(!file.exists("/proc/self/stat"))
  folder <- fresh_folder()
  child <- r_process(c(
    long_sweep,
    "cat(tryCatch(pb_run(scenario, set = list(run.couples = 3e6), out = 'x'), pairbond_killed = conditionMessage), '\\n')",
    "pb_run(scenario, set = list(run.couples = 40, run.days = 5), out = 'x', charts = FALSE)",
    "cat('left:', list.files('.', '^[.]?x', all.files = TRUE), '\\n')"
  ), folder)
  expect_true(wait_for(function() length(list.files(folder, "^\\.x", all.files = TRUE)) > 0))
  states <- unlist(lapply(Sys.glob("/proc/[0-9]*/stat"), function(file) tryCatch(readLines(file), error = function(e) NULL)))
  of_child <- states[sub("^.*\\) . ([0-9]+) .*", "\\1", states) == child$get_pid()]
  expect_length(of_child, 1)
  tools::pskill(as.integer(sub(" .*", "", of_child)), tools::SIGKILL)
  child$wait(60000)
  said <- child$read_all_output_lines()
  expect_match(said, "pairbond run was killed by signal 9", fixed = TRUE, all = FALSE)
  expect_true("left: x " %in% said)
})

test_that("two sessions do not disturb each other in one folder", {
  skip_without_program()
  skip_if_not_installed_here()
  folder <- fresh_folder()
  child <- r_process(c(long_sweep, "pb_sweep(scenario, out = 'one', threads = 1, charts = FALSE)"), folder)
  expect_true(wait_for(function() file.exists(file.path(folder, "one.unfinished", "jobs.journal"))))
  eval(parse(text = long_sweep))
  old <- setwd(folder)
  on.exit(setwd(old), add = TRUE)
  error <- catch(pb_sweep(scenario, out = "one", charts = FALSE))
  expect_s3_class(error, "pairbond_refused")
  expect_match(conditionMessage(error), "another process is writing this")
  child$wait(300000)
  expect_identical(child$get_exit_status(), 0L)
  expect_identical(nrow(pb_read("one", "runs")), 30L)
})

test_that("many calls in a row leave no files, processes or connections", {
  skip_without_program()
  calls <- as.integer(Sys.getenv("PAIRBOND_CALLS", "50"))
  scenario <- short(couples = 30, days = 5)
  state <- function() {
    gc()
    c(
      files = length(list.files(tempdir(), all.files = TRUE)),
      connections = nrow(showConnections(all = TRUE)),
      open = if (dir.exists("/proc/self/fd")) length(list.files("/proc/self/fd")) else 0L
    )
  }
  pb_run(scenario)
  before <- state()
  means <- vapply(seq_len(calls), function(seed) {
    mean(pb_read(pb_run(scenario, seed = seed), "couples", "trust_end_a", labels = FALSE)$trust_end_a)
  }, 0)
  expect_identical(length(unique(means)), calls)
  expect_identical(state(), before)
})

test_that("progress is printed line by line where nothing is interactive", {
  skip_without_program()
  skip_if(interactive())
  expect_message(pb_run(short(), progress = TRUE), "pairbond run: [0-9]+ of 800 couple-days")
  expect_silent(pb_run(short()))
})
