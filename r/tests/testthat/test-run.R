test_that("files are those of the command line, byte by byte", {
  skip_without_program()
  folder <- fresh_folder()
  pb_write(short(), file.path(folder, "mine.toml"))
  command_line("run", "mine.toml", "-o", "one", "--set", "run.couples=50", "--seed", "3", folder = folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  from_file <- pb_run("mine.toml", out = "two", set = list(run.couples = 50), seed = 3)
  expect_gt(length(files_of("one")), 15)
  expect_identical(files_of("two"), files_of("one"))
  # Of a list, the name of the file and what was left out differ, which the manifest says; the numbers do not.
  from_list <- pb_run(pb_scenario("mine.toml"), set = list(run.couples = 50), seed = 3, threads = 1)
  tables <- paste0(pb_tables(from_list)$table, ".csv")
  expect_identical(files_of(from_list$folder)[tables], files_of("one")[tables])
  expect_true(pb_verify(from_list))
  # No path of this machine is in results.
  expect_false(any(grepl(basename(tempdir()), readLines(file.path(from_list$folder, "manifest.json")), fixed = TRUE)))
})

test_that("tables are those that read.csv reads", {
  skip_without_program()
  run <- pb_run(short(record = list(days = 3)))
  for (table in setdiff(pb_tables(run)$table, "codebook")) {
    ours <- pb_read(run, table, labels = FALSE)
    theirs <- read.csv(file.path(run$folder, paste0(table, ".csv")), stringsAsFactors = FALSE)
    ours[] <- lapply(ours, function(column) if (is.factor(column)) as.character(column) else column)
    # A column without any value is logical in read.csv.
    empty <- vapply(theirs, function(column) all(is.na(column)), NA)
    expect_equal(ours[!empty], theirs[!empty], tolerance = 1e-15, label = table)
    expect_true(all(is.na(ours[empty])))
  }
})

test_that("values and paths are passed without a shell", {
  skip_without_program()
  folder <- fresh_folder()
  hostile <- "a \"b\" 'c' $(touch hostile) `touch hostile` ; touch hostile & | > hostile %PATH% \\ * ~"
  if (isTRUE(l10n_info()[["UTF-8"]])) {
    hostile <- paste(hostile, "\u00e9 \u4e2d")
  }
  inner <- file.path(folder, if (.Platform$OS.type == "windows") "a b" else gsub("[~]", "", hostile))
  dir.create(inner)
  file <- file.path(inner, "my scenario's.toml")
  pb_write(short(description = hostile), file)
  out <- file.path(inner, "the results")
  run <- pb_run(file, out = out, set = list(title = hostile), charts = FALSE)
  expect_identical(normalizePath(run$folder), normalizePath(out))
  expect_identical(run$summary[1], hostile)
  expect_identical(nrow(pb_read(out, "couples")), 40L)
  expect_identical(sort(list.files(inner, all.files = TRUE, no.. = TRUE)), c("my scenario's.toml", "the results"))
  expect_length(list.files(c(".", folder), "hostile$"), 0)
  expect_true(pb_verify(out))
  # Names that look like options.
  old <- setwd(folder)
  on.exit(setwd(old))
  pb_write(short(), "--force")
  expect_s3_class(pb_run("--force", out = "-q", charts = FALSE), "pairbond_results")
  expect_identical(pb_open("-q")$kind, "run")
})

test_that("text and paths that are not ASCII work in a locale without them", {
  skip_without_program()
  skip_if_not_installed_here()
  folder <- fresh_folder()
  script <- c(
    "scenario <- pb_scenario(title = 'Caf\\u00e9', run = list(couples = 40, days = 5))",
    "dir.create('sub')",
    "run <- pb_run(pb_write(scenario, 'sub/\\u00e9.toml'), out = 'sub/\\u00e9', set = list(description = '\\u4e2d'))",
    "stopifnot(!l10n_info()$`UTF-8`, identical(pb_scenario('sub/\\u00e9.toml')$title, 'Caf\\u00e9'))",
    "stopifnot(nrow(pb_read('sub/\\u00e9', 'couples')) == 40, enc2utf8(run$summary[1]) == 'Caf\\u00e9')",
    "stopifnot(run$manifest$overrides[[1]] == 'description=\"\\u4e2d\"')",
    "names <- list.files('sub')",
    "cat(vapply(names, function(name) paste(charToRaw(name), collapse = ''), ''))"
  )
  child <- r_process(script, folder, env = c(LC_ALL = "C"))
  child$wait(30000)
  said <- child$read_all_output_lines()
  expect_identical(said, "c3a9 c3a92e746f6d6c")
})

test_that("seeds above 2^53 are texts", {
  skip_without_program()
  seed <- "9007199254740993"
  expect_warning(run <- pb_run(short(), seed = seed), "2^53", fixed = TRUE, class = "pairbond_warning")
  expect_identical(run$seed, seed)
  suppressWarnings(in_list <- pb_run(pb_set(short(), run.seed = seed)))
  expect_identical(pb_read(run, "couples"), pb_read(in_list, "couples"))
  expect_identical(suppressWarnings(pb_run(short(), set = list(run.seed = seed)))$seed, seed)
  suppressWarnings(neighbour <- pb_run(short(), seed = "9007199254740992"))
  expect_false(identical(pb_read(run, "couples"), pb_read(neighbour, "couples")))
  expect_error(pb_run(short(), seed = 2^60), "as text", class = "pairbond_argument")
  expect_error(pb_run(short(), seed = 1.5), "integer", class = "pairbond_argument")
})

test_that("temporary results are removed when nothing refers to them", {
  skip_without_program()
  run <- pb_run(short())
  folder <- run$folder
  expect_true(dir.exists(folder))
  copy <- run
  rm(run)
  gc()
  expect_true(dir.exists(folder))
  rm(copy)
  gc()
  expect_false(dir.exists(folder))
})

test_that("results that exist stay, unless they are to be replaced", {
  skip_without_program()
  out <- file.path(fresh_folder(), "x")
  pb_run(short(), out = out, charts = FALSE)
  before <- files_of(out)
  error <- catch(pb_run(short(), out = out, seed = 2, charts = FALSE))
  expect_s3_class(error, "pairbond_refused")
  expect_match(conditionMessage(error), "already exists (force = TRUE replaces it)", fixed = TRUE)
  expect_identical(files_of(out), before)
  pb_run(short(), out = out, seed = 2, charts = FALSE, force = TRUE)
  expect_false(identical(files_of(out), before))
})

test_that("charts and reports are made when asked for", {
  skip_without_program()
  out <- file.path(fresh_folder(), "x")
  run <- pb_run(short(), out = out)
  expect_true(all(c("trajectories.svg", "trajectories.png") %in% basename(pb_charts(run))))
  expect_identical(normalizePath(pb_report(run, open = FALSE)), normalizePath(file.path(out, "report.html")))
  plain <- pb_run(short())
  expect_length(pb_charts(plain), 0)
  expect_match(readLines(pb_report(plain, open = FALSE), n = 1), "html", ignore.case = TRUE)
  paths <- pb_plot(plain, observables = c("trust", "stress"), days = c(0, 10), width = "column", open = FALSE)
  expect_true(all(file.exists(paths)))
  one <- pb_plot(plain, "trajectories", format = "png", title = FALSE, open = FALSE)
  expect_identical(readBin(one, "raw", 4), as.raw(c(0x89, 0x50, 0x4e, 0x47)))
  expect_error(pb_plot(plain, "trajectory", open = FALSE), "did you mean `trajectories`", class = "pairbond_argument")
  error <- catch(pb_plot(plain, observables = "trusd", open = FALSE))
  expect_match(conditionMessage(error), "trust")
})

test_that("a sweep has its points, and resumes to the same bytes", {
  skip_without_program()
  scenario <- short(sweep = list(
    design = "grid",
    axis = list(list(key = "traits.a.anxiety", name = "anxiety", values = c(0.2, 0.8)), list(key = "run.couples", values = c(30, 40)))
  ))
  folder <- fresh_folder()
  whole <- pb_sweep(scenario, out = file.path(folder, "whole"), charts = FALSE)
  expect_identical(as.vector(pb_read(whole, "points")$anxiety), c(0.2, 0.2, 0.8, 0.8))
  shards <- lapply(c("1/2", "2/2"), function(shard) {
    out <- file.path(folder, sub("/", "_", shard))
    pb_sweep(scenario, out = out, shard = shard, charts = FALSE)
    out
  })
  pb_command("merge", "--no-charts", "--no-report", "-o", file.path(folder, "merged"), unlist(shards))
  expect_identical(
    files_of(file.path(folder, "merged"))[c("runs.csv", "summaries.csv")],
    files_of(whole$folder)[c("runs.csv", "summaries.csv")]
  )
  more <- pb_sweep(pb_set(scenario, sweep.axis.anxiety.values = c(0.2, 0.5, 0.8)), reuse = whole)
  expect_identical(nrow(pb_read(more, "points")), 6L)
  expect_error(pb_sweep(scenario, resume = TRUE), "`out` must name", class = "pairbond_argument")
})

test_that("a table of points next to the scenario is found", {
  skip_without_program()
  folder <- fresh_folder()
  points <- data.frame(traits.a.anxiety = c(0.1, 0.9))
  write.csv(points, file.path(folder, "points.csv"), row.names = FALSE, quote = FALSE)
  scenario <- short(sweep = list(design = "table", table = "points.csv"))
  pb_write(scenario, file.path(folder, "mine.toml"))
  sweep <- suppressWarnings(pb_sweep(pb_set(file.path(folder, "mine.toml"), run.days = 10)))
  expect_identical(as.vector(pb_read(sweep, "points")$a_anxiety), c(0.1, 0.9))
})

test_that("claims give results with a warning where a verdict was not expected", {
  skip_without_program()
  claim <- function(expect) {
    short(
      couples = 30,
      condition = list(low = list(traits = list(responsiveness = 0.4)), high = list(traits = list(responsiveness = 0.8))),
      claim = list(list(
        name = "trust_follows", statement = "Trust follows", observable = "trust", contrast = list(high = 1, low = -1),
        rule = "greater", sesoi = 0.02, expect = expect
      ))
    )
  }
  supported <- pb_claims(claim("supported"), max_runs = 16)
  expect_identical(pb_read(supported, "claims")$verdict |> as.character(), "supported")
  expect_warning(refuted <- pb_claims(claim("refuted"), max_runs = 16), "expected to be refuted", class = "pairbond_warning")
  expect_identical(pb_read(refuted, "claims")$effect, pb_read(supported, "claims")$effect)
})

test_that("runs and scenarios are compared couple by couple", {
  skip_without_program()
  plain <- short(couples = 50)
  taught <- pb_set(plain, title = "Taught", traits.a.responsiveness = 0.95)
  both <- pb_compare(plain = plain, taught = taught)
  couples <- pb_read(both, "couples")
  expect_identical(levels(couples$condition), c("plain", "taught"))
  folder <- fresh_folder()
  runs <- list(pb_run(plain, out = file.path(folder, "a"), charts = FALSE), pb_run(taught, out = file.path(folder, "b"), charts = FALSE))
  again <- pb_compare(plain = runs[[1]], taught = runs[[2]]$folder)
  expect_identical(pb_read(again, "differences"), pb_read(both, "differences"))
  expect_identical(subset(couples, condition == "taught")$trust_end_a, pb_read(runs[[2]], "couples", labels = FALSE)$trust_end_a)
  expect_error(pb_compare(plain), "two or more", class = "pairbond_argument")
})

test_that("bundles, preregistrations and audits are those of the command line", {
  skip_without_program()
  folder <- fresh_folder()
  old <- setwd(folder)
  on.exit(setwd(old))
  pb_write(short(), "mine.toml")
  command_line("run", "mine.toml", "-o", "one", "--bundle", "--no-charts", "--set", "run.couples=50")
  run <- pb_run("mine.toml", out = "two", set = list(run.couples = 50), charts = FALSE, report = TRUE, bundle = TRUE)
  expect_true("ro-crate-metadata.json" %in% names(files_of("one")))
  expect_identical(files_of("two"), files_of("one"))
  plan <- pb_preregister("mine.toml", set = list(run.couples = 50))
  expect_identical(plan, readLines("one/preregistration.md"))
  pb_preregister(short(), out = "plan.md", seed = 3)
  expect_true(any(grepl("seed.*3", readLines("plan.md"))))
  expect_error(pb_preregister(short(), out = "plan.md"), "force = TRUE", class = "pairbond_refused")
  pb_preregister(short(), out = "plan.md", force = TRUE)
  shared <- pb_bundle(pb_run(short(), out = "plain"), "shared")
  command_line("report", "plain", "--bundle", "-o", "typed")
  expect_identical(files_of("shared"), files_of("typed"))
  expect_identical(nrow(pb_read(shared, "couples")), 40L)
  claim <- short(
    condition = list(low = list(traits = list(responsiveness = 0.4)), high = list(traits = list(responsiveness = 0.8))),
    claim = list(list(
      name = "c", statement = "s", observable = "trust", contrast = list(high = 1, low = -1), rule = "greater", sesoi = 0.02,
      expect = "supported"
    ))
  )
  expect_true("audit" %in% pb_tables(pb_claims(claim, max_runs = 16, audit = TRUE))$table)
  expect_false("audit" %in% pb_tables(pb_claims(claim, max_runs = 16))$table)
})

test_that("studies and their power are those of the command line", {
  skip_without_program()
  folder <- fresh_folder()
  old <- setwd(folder)
  on.exit(setwd(old))
  plan <- pb_scenario(
    title = "A diary", run = list(couples = 60, days = 20, seed = 4),
    study = list(couples = 20, waves = 1, burst_days = 5, diary = c("daily_satisfaction", "daily_conflict")),
    power = list(
      predictor = "daily_conflict", outcome = "daily_satisfaction", replicates = 10, reference_couples = 100
    )
  )
  pb_write(plan, "plan.toml")
  command_line("study", "plan.toml", "-o", "one", "--replicates", "2")
  data <- pb_study("plan.toml", out = "two", replicates = 2)
  expect_identical(files_of("two"), files_of("one"))
  expect_identical(sort(unique(pb_read(data, "prompts_pairwise", labels = FALSE)$replicate)), 1:2)
  command_line("power", "plan.toml", "-o", "three", "--no-charts")
  power <- pb_power("plan.toml", out = "four", charts = FALSE, report = TRUE)
  expect_identical(files_of("four"), files_of("three"))
  table <- pb_read(pb_power(plan, replicates = 12), "power", labels = FALSE)
  expect_identical(nrow(table), 6L)
  expect_true(all(table$replicates + table$failed == 12))
  for (shard in c("1/2", "2/2")) {
    pb_power("plan.toml", out = paste0("part-", substr(shard, 1, 1)), shard = shard, charts = FALSE)
  }
  command_line("merge", "part-1", "part-2", "-o", "five", "--no-charts")
  expect_identical(files_of("five"), files_of("three"))
  expect_error(pb_power(plan, resume = TRUE), "`out` must name", class = "pairbond_argument")
  expect_error(pb_power(pb_scenario(title = "x")), "no `\\[power\\]`", class = "pairbond_refused")
})

test_that("what a study recovers is that of the command line", {
  skip_without_program()
  folder <- fresh_folder()
  old <- setwd(folder)
  on.exit(setwd(old))
  plan <- pb_scenario(
    title = "A diary", run = list(couples = 60, days = 20, seed = 4),
    study = list(couples = 20, waves = 1, burst_days = 5, diary = c("daily_satisfaction", "daily_conflict")),
    recover = list(simulations = 100, tests = 40, quantity = list(
      list(key = "parameters.conflict_rate", prior = "log_uniform", low = 0.05, high = 0.5)
    ))
  )
  pb_write(plan, "plan.toml")
  command_line("recover", "plan.toml", "-o", "one", "--no-charts")
  told <- pb_recover("plan.toml", out = "two", charts = FALSE, report = TRUE)
  expect_identical(files_of("two"), files_of("one"))
  table <- pb_read(told, "recovery", labels = FALSE)
  expect_identical(nrow(table), 1L)
  expect_true(all(table$contraction_low <= table$contraction))
  expect_error(pb_recover(pb_scenario(title = "x")), "`\\[recover\\]`", class = "pairbond_refused")
})
