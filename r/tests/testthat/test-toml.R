# Keys in one order: single values are written before tables.
in_order <- function(x) {
  if (is.list(x) && !is.null(names(x))) {
    x <- x[order(names(x))]
  }
  if (is.list(x)) lapply(x, in_order) else x
}

lines_of <- function(...) strsplit(pb_toml(pb_scenario(...)), "\n")[[1]]

test_that("values are written as TOML", {
  expect_equal(
    lines_of(
      title = "Say \"hi\"\\\n\u00e9", run = list(couples = 2000, days = 30L, step_days = 0.25),
      mechanisms = list(conflict = FALSE), record = list(observables = c("trust", "mood")),
      measurement = list(waves = I(30)), "needs quotes" = list("a~b" = 1e-7)
    ),
    c(
      "title = \"Say \\\"hi\\\"\\\\\\n\u00e9\"", "", "[run]", "couples = 2000", "days = 30", "step_days = 0.25", "",
      "[mechanisms]", "conflict = false", "", "[record]", "observables = [\"trust\", \"mood\"]", "",
      "[measurement]", "waves = [30]", "", "[\"needs quotes\"]", "\"a~b\" = 1e-07"
    )
  )
})

test_that("every double is written with digits that read back as the same double", {
  numbers <- c(0.1, 1 / 3, 1e300, 5e-324, 2^53 - 1, 2^53, 2^60, -0.5, 123456789.123456789, .Machine$double.xmax)
  read <- pb_scenario(text = paste0("x = [", paste(vapply(numbers, pairbond:::toml_number, ""), collapse = ", "), "]"))
  expect_identical(as.numeric(read$x), numbers)
  expect_identical(pairbond:::toml_number(2000), "2000")
  # Above 2^53 a double is no integer that one can rely on, and a seed of it is refused by the program.
  expect_match(pairbond:::toml_number(2^60), "e+18", fixed = TRUE)
})

test_that("tables, lists of tables and empty tables keep their kind", {
  text <- c(
    "title = \"x\"", "", "[traits]", "anxiety = { dist = \"normal\", mean = 0.5, slopes = { trust = 1 } }", "",
    "[traits.a]", "anxiety = 0.7", "", "[condition.none]", "", "[[condition.one.event]]", "kind = \"betrayal\"", "", "[[event]]", "day = 1", "", "[[event]]", "day = 2", "contrast = { a = 1, b = -1 }"
  )
  read <- pb_scenario(text = text)
  expect_identical(read$condition$none, list())
  expect_identical(read$event, list(list(day = 1), list(day = 2, contrast = list(a = 1, b = -1))))
  expect_identical(strsplit(pb_toml(read), "\n")[[1]], text)
})

test_that("lists of one value, of none and of several kinds keep their kind", {
  read <- pb_scenario(text = "a = [1]\nb = []\nc = [1, \"x\", [true]]\nd = [[1, 2], [3]]\ne = [\"x\"]")
  expect_identical(read$a, I(1))
  expect_identical(pb_toml(read), "a = [1]\nb = []\nc = [1, \"x\", [true]]\nd = [[1, 2], [3]]\ne = [\"x\"]")
})

test_that("integers above 2^53 keep their digits", {
  read <- pb_scenario(text = "[run]\nseed = 9007199254740993\nother = [9007199254740993, 18446744073709551615]")
  expect_identical(read$run$seed, pb_integer("9007199254740993"))
  expect_match(pb_toml(read), "seed = 9007199254740993\nother = [9007199254740993, 18446744073709551615]", fixed = TRUE)
  # The seed may be plain text; other digits in quotes stay text.
  expect_match(pb_toml(pb_scenario(run = list(seed = "9007199254740993"))), "seed = 9007199254740993$")
  expect_match(pb_toml(pb_scenario(title = "9007199254740993")), "title = \"9007199254740993\"")
  expect_error(pb_integer("1e3"), class = "pairbond_argument")
})

test_that("rows of a data frame are tables, without what is missing", {
  events <- data.frame(kind = factor(c("betrayal", "stress")), day = c(3, 5), of = c("a", NA))
  expect_equal(
    lines_of(event = events),
    c("[[event]]", "kind = \"betrayal\"", "day = 3", "of = \"a\"", "", "[[event]]", "kind = \"stress\"", "day = 5")
  )
})

test_that("what TOML cannot hold is refused with its key", {
  refused <- function(...) conditionMessage(expect_error(pb_toml(pb_scenario(...)), class = "pairbond_argument"))
  expect_match(refused(run = list(days = NA)), "`run.days` has a missing value")
  expect_match(refused(run = list(days = NULL)), "`run.days` is NULL")
  expect_match(refused(run = list(days = Sys.Date())), "`run.days` is of class Date")
  expect_match(refused(run = list(days = mean)), "`run.days` is of class function")
  expect_match(refused(run = list(1, days = 2)), "every value of `run` needs a name")
  expect_match(refused(run = list(days = 1, days = 2)), "`run.days` is given twice")
  expect_match(refused(title = rawToChar(as.raw(0xff))), "not valid in its encoding")
})

test_that("strings, numbers and keys are read in all forms of TOML", {
  read <- pb_scenario(text = c(
    "a = 'C:\\x' # comment", "b = \"\"\"", "one \\", "   two\"\"\"\"", "c = '''it's'''", "d = \"\\u00e9\\t\"",
    "e = 1_000", "f = -0x1F", "g = 1e3", "h = [ # comment", "  1,", "  2,", "]", "i.j = true", "\"k l\" = -inf",
    "m = 0b11", "n = {o = 1, p.q = 2}"
  ) |> gsub(pattern = "-0x1F", replacement = "0x1F", fixed = TRUE))
  expect_identical(unclass(read), list(
    a = "C:\\x", b = "one two\"", c = "it's", d = "\u00e9\t", e = 1000, f = 31, g = 1000, h = c(1, 2),
    i = list(j = TRUE), "k l" = -Inf, m = 3, n = list(o = 1, p = list(q = 2))
  ))
})

test_that("text that is not TOML is refused with its line", {
  at <- function(...) catch(pb_scenario(text = c(...)))$line
  expect_equal(at("a = 1", "a = 2"), 2)
  expect_equal(at("[a]", "[b]", "[a]"), 3)
  expect_equal(at("a = 1", "b = \"x"), 2)
  expect_equal(at("a = 01"), 1)
  expect_equal(at("a ="), 1)
  expect_equal(at("a = {b = 1}", "[a.c]"), 2)
  expect_equal(at("a = 1", "", "b = 1 c = 2"), 3)
  expect_equal(at("a = \"\\q\""), 1)
})

test_that("a file keeps its text in UTF-8, is written whole, and is not overwritten", {
  folder <- fresh_folder()
  file <- file.path(folder, "mine.toml")
  pb_write(short(description = "\u00e9"), file)
  expect_identical(pb_scenario(file)$description, "\u00e9")
  expect_error(pb_write(short(), file), "already exists", class = "pairbond_refused")
  pb_write(short(), file, force = TRUE)
  expect_null(pb_scenario(file)$description)
  expect_identical(list.files(folder, all.files = TRUE, no.. = TRUE), "mine.toml")
  expect_error(pb_write(short(), file.path(folder, "no", "mine.toml")), "no folder", class = "pairbond_failed")
  writeBin(as.raw(c(0x61, 0x20, 0x3d, 0xff)), file)
  expect_error(pb_scenario(file), "UTF-8", class = "pairbond_unreadable")
})

test_that("keys are set, added and removed by their dotted name", {
  mine <- short(event = list(list(kind = "stress", label = "B turns away!"), list(kind = "betrayal")))
  changed <- pb_set(mine, run.couples = 5, traits.a.anxiety = 0.7, event.b_turns_away.day = 3, event.2.of = "a", title = NULL)
  expect_identical(changed$run, list(couples = 5, days = 20))
  expect_identical(changed$traits, list(a = list(anxiety = 0.7)))
  expect_identical(changed$event[[1]]$day, 3)
  expect_identical(changed$event[[2]]$of, "a")
  expect_null(changed$title)
  expect_identical(pb_set(mine, list("correlations.anxiety~avoidance" = 0.5))$correlations, list("anxiety~avoidance" = 0.5))
  expect_s3_class(changed, "pairbond_scenario")
  expect_error(pb_set(mine, event.3.day = 1), "there are 2", class = "pairbond_argument")
  expect_error(pb_set(mine, event.b_turns_awai.day = 1), "did you mean `b_turns_away`", class = "pairbond_argument")
  expect_error(pb_set(mine, title.x = 1), "no table", class = "pairbond_argument")
  expect_error(pb_set(mine, 1), "names", class = "pairbond_argument")
})

test_that("shipped scenarios mean the same after they were read and written", {
  skip_without_program()
  few <- list(run.couples = 6, run.days = 40, run.replicates = 1, record.sample_couples = 1)
  examples <- pb_examples()
  expect_gt(length(examples), 40)
  for (name in examples) {
    scenario <- pb_scenario(example = name)
    again <- pb_scenario(text = pb_toml(scenario))
    expect_identical(in_order(again), in_order(scenario), label = name)
    expect_false(any(pb_check(scenario)$level == "error"), label = name)
    if (!is.null(scenario$sweep) || !is.null(scenario$claim)) {
      next
    }
    folder <- fresh_folder()
    command_line("new", file.path(folder, "x.toml"), "--from", name)
    shipped <- suppressWarnings(catch(pb_run(file.path(folder, "x.toml"), set = few)))
    written <- suppressWarnings(catch(pb_run(scenario, set = few)))
    if (inherits(shipped, "condition")) {
      # Some events do not fit into so few days.
      expect_identical(written$diagnostics$code, shipped$diagnostics$code, label = name)
    } else {
      tables <- paste0(pb_tables(shipped)$table, ".csv")
      expect_identical(files_of(written$folder)[tables], files_of(shipped$folder)[tables], label = name)
    }
  }
})
