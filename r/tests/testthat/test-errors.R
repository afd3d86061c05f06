test_that("errors of a scenario have their places", {
  skip_without_program()
  folder <- fresh_folder()
  file <- file.path(folder, "a:b c.toml")
  writeLines(c("title = \"x\"", "[run]", "dayz = 3", "couples = \"many\""), file)
  found <- pb_check(file)
  expect_s3_class(found, "pairbond_diagnostics")
  expect_identical(found$level, c("error", "error"))
  expect_identical(found$code, c("E007", "E010"))
  expect_identical(found$file, c(file, file))
  expect_identical(found$line, 3:4)
  expect_identical(found$column, c(1L, 11L))
  expect_identical(found$help[1], "did you mean `days`?")
  expect_identical(found$label, c("unknown key", "this is text"))
  error <- catch(pb_run(file))
  expect_s3_class(error, c("pairbond_refused", "pairbond_error", "error"), exact = FALSE)
  expect_identical(error$status, 2L)
  expect_identical(error$diagnostics, as.data.frame(found))
  expect_match(conditionMessage(error), "3 | dayz = 3", fixed = TRUE)
  # Values that are set have places, too.
  set <- catch(pb_run(short(), set = list(traits.anxiety = 9)))$diagnostics
  expect_identical(set$file, "--set traits.anxiety=9")
  expect_identical(set$column, 16L)
})

test_that("a scenario without errors has none, and warnings are R warnings", {
  skip_without_program()
  expect_identical(nrow(pb_check(short())), 0L)
  expect_output(print(pb_check(short())), "no errors")
  warned <- tryCatch(pb_run(short(couples = 5)), pairbond_warning = identity)
  expect_identical(warned$diagnostics$code, "W004")
  expect_identical(pb_check(short(couples = 5))$level, "warning")
})

test_that("a file that is missing or no TOML is named", {
  skip_without_program()
  expect_error(pb_run("no such.toml"), "no such.toml", class = "pairbond_refused")
  expect_error(pb_check("no such.toml"), "no such.toml", class = "pairbond_refused")
  expect_error(pb_scenario("no such.toml"), "no such.toml", class = "pairbond_unreadable")
  file <- file.path(fresh_folder(), "x.toml")
  writeLines("x = [", file)
  error <- catch(pb_scenario(file))
  expect_s3_class(error, "pairbond_refused")
  expect_identical(error$diagnostics$code, "E005")
  expect_identical(error$diagnostics$line, 1L)
})

test_that("an error says how to get a missing program", {
  old <- Sys.getenv(c("PAIRBOND", "PATH", "CARGO_HOME"), names = TRUE)
  on.exit(do.call(Sys.setenv, as.list(old)))
  empty <- fresh_folder()
  Sys.setenv(PAIRBOND = "", PATH = empty, CARGO_HOME = empty)
  with_option(list(pairbond.program = NULL), {
    expect_error(pb_run(short()), "cargo install --path .", class = "pairbond_missing_program")
    expect_false(pb_available())
    Sys.setenv(PAIRBOND = file.path(empty, "none"))
    expect_error(pb_program(), "the environment variable PAIRBOND names", class = "pairbond_missing_program")
    Sys.setenv(PAIRBOND = empty)
    expect_error(pb_program(), class = "pairbond_missing_program")
  })
  with_option(list(pairbond.program = "none/at/all"), {
    expect_error(pb_program(), "the option pairbond.program names", class = "pairbond_missing_program")
  })
})

test_that("the program is found by option, variable, path and in cargo's folder", {
  skip_on_os("windows")
  old <- Sys.getenv(c("PAIRBOND", "PATH", "CARGO_HOME"), names = TRUE)
  on.exit(do.call(Sys.setenv, as.list(old)))
  folders <- vapply(1:4, function(i) fresh_folder(parent.frame(2)), "")
  dir.create(file.path(folders[4], "bin"))
  paths <- vapply(c(folders[1:3], file.path(folders[4], "bin")), fake_program, "", script = "", USE.NAMES = FALSE)
  Sys.setenv(PAIRBOND = paths[2], PATH = paste(folders[3], old[["PATH"]], sep = ":"), CARGO_HOME = folders[4])
  with_option(list(pairbond.program = paths[1]), expect_identical(as.character(pb_program()), paths[1]))
  with_option(list(pairbond.program = NULL), {
    expect_identical(as.character(pb_program()), paths[2])
    Sys.setenv(PAIRBOND = "")
    expect_identical(as.character(pb_program()), paths[3])
    unlink(paths[3])
    Sys.setenv(PATH = paste(folders[3], "/usr/bin:/bin", sep = ":"))
    skip_if(nzchar(Sys.which("pairbond")), "a pairbond is installed for all users")
    expect_identical(as.character(pb_program()), paths[4])
  })
})

test_that("a program of another version, or another program, is refused", {
  skip_on_os("windows")
  folder <- fresh_folder()
  other <- fake_program(folder, "exit 0", version = "0.7.3")
  with_option(list(pairbond.program = other), {
    error <- catch(pb_run(short()))
    expect_s3_class(error, "pairbond_other_version")
    expect_match(conditionMessage(error), "version 0.7.3; this package is made for 0.1.x", fixed = TRUE)
  })
  with_option(list(pairbond.program = other, pairbond.any_version = TRUE), {
    expect_identical(as.character(pb_version()), "0.7.3")
  })
  # A program that is replaced is asked again, and a later third number is accepted.
  Sys.sleep(0.02)
  with_option(list(pairbond.program = fake_program(folder, "exit 0 # another size", version = "0.1.9")), {
    expect_identical(as.character(pb_version()), "0.1.9")
  })
  with_option(list(pairbond.program = Sys.which("true")), {
    expect_error(pb_program(), "is not the program pairbond", class = "pairbond_missing_program")
  })
  no_program <- file.path(folder, "data")
  writeLines("no program", no_program)
  with_option(list(pairbond.program = no_program), {
    expect_error(pb_program(), "could not be started", class = "pairbond_missing_program")
  })
})

test_that("a full disk, a killed program and a signal have errors of their own", {
  skip_on_os("windows")
  folder <- fresh_folder()
  run_fake <- function(script) {
    with_option(list(pairbond.program = fake_program(folder, script)), catch(pb_run(short(), out = file.path(folder, "x"))))
  }
  say <- function(text) paste0("echo '{\"kind\":\"message\",\"level\":\"error\",\"message\":\"", text, "\"}' >&2; ")
  full <- run_fake(paste0(say("could not write x/couples.csv: no space left on device"), "exit 1"))
  expect_s3_class(full, "pairbond_failed")
  expect_match(conditionMessage(full), "no space left on device")
  expect_identical(full$diagnostics$message, "could not write x/couples.csv: no space left on device")
  killed <- run_fake("kill -9 $$")
  expect_s3_class(killed, "pairbond_killed")
  expect_match(conditionMessage(killed), "killed by signal 9, as the system does where memory runs out; no results were written")
  interrupted <- run_fake(paste0(say("interrupted; no files were written"), "exit 130"))
  expect_s3_class(interrupted, "pairbond_interrupted")
  expect_match(conditionMessage(interrupted), "no files were written")
})

test_that("a real full disk leaves nothing behind", {
  skip_without_program()
  skip_on_os("windows")
  folder <- fresh_folder()
  program <- normalizePath(pb_program())
  # Files of 10 kB at most, which the program takes for a full disk.
  limited <- file.path(folder, "limited")
  writeLines(c("#!/bin/sh", "ulimit -f 20", paste("exec", shQuote(program), "\"$@\"")), limited)
  Sys.chmod(limited, "755")
  out <- file.path(folder, "x")
  kept <- pb_run(short(), out = out, charts = FALSE)
  before <- files_of(out)
  with_option(list(pairbond.program = limited), {
    error <- catch(pb_run(short(couples = 1000), out = file.path(folder, "y"), charts = FALSE))
    forced <- catch(pb_run(short(couples = 1000), out = out, charts = FALSE, force = TRUE))
  })
  for (it in list(error, forced)) {
    expect_s3_class(it, "pairbond_failed")
    expect_match(conditionMessage(it), "could not write")
  }
  expect_identical(files_of(out), before)
  expect_identical(sort(list.files(folder, all.files = TRUE, no.. = TRUE)), c("limited", "x"))
})

test_that("a place where nothing can be written is named", {
  skip_without_program()
  folder <- fresh_folder()
  file.create(file.path(folder, "file"))
  error <- catch(pb_run(short(), out = file.path(folder, "file", "x")))
  expect_s3_class(error, c("pairbond_refused", "pairbond_error"), exact = FALSE)
  expect_match(conditionMessage(error), file.path(folder, "file"), fixed = TRUE)
  skip_on_os("windows")
  # Permissions do not bind root, but this file system does.
  is_root <- Sys.info()[["effective_user"]] == "root"
  skip_if(is_root && !dir.exists("/sys/kernel"))
  closed <- if (is_root) "/sys/kernel" else folder
  Sys.chmod(folder, "500")
  error <- catch(pb_run(short(), out = file.path(closed, "x")))
  Sys.chmod(folder, "700")
  expect_s3_class(error, "pairbond_error")
  expect_match(conditionMessage(error), paste0("could not create ", closed, "/x: "), fixed = TRUE)
})

test_that("arguments of the wrong kind are refused before the program starts", {
  refused <- function(code) expect_error(code, class = "pairbond_argument")
  refused(pb_run(1))
  refused(pb_run(c("a.toml", "b.toml")))
  refused(pb_run(short(), out = c("a", "b")))
  refused(pb_run(short(), set = list(5)))
  refused(pb_run(short(), force = NA))
  refused(pb_run(short(), threads = -1))
  refused(pb_scenario())
  refused(pb_scenario("a.toml", title = "x"))
  refused(pb_command())
})

test_that("messages are read by their keys, and what is no message is kept as it is", {
  lines <- c(
    "thread 'main' panicked at \"x\"", "/etc/hostname", "{\"other\": 1}",
    "{\"kind\":\"diagnostic\",\"level\":\"error\",\"code\":\"E999\",\"message\":\"a: b\",\"file\":\"f:x\",\"line\":2,\"column\":3,\"label\":null,\"help\":null,\"rendered\":\"error[E999]: a: b\\n --> f:x:2:3\"}",
    "{\"kind\":\"message\",\"level\":\"warning\",\"message\":\"plain\",\"help\":\"do this\"}"
  )
  messages <- pairbond:::read_messages(lines)
  found <- pairbond:::diagnostics_of(messages)
  expect_identical(found$code, c("E999", NA))
  expect_identical(found$line, c(2L, NA))
  expect_identical(found$file, c("f:x", NA))
  expect_identical(found$message, c("a: b", "plain"))
  expect_identical(
    pairbond:::lines_of(messages),
    c(lines[1:3], "error[E999]: a: b", " --> f:x:2:3", "", "warning: plain", "  help: do this")
  )
  expect_identical(nrow(pairbond:::diagnostics_of(list())), 0L)
  expect_identical(pairbond:::is_progress(c(lines[5], "{\"kind\":\"progress\",\"stage\":\"simulating\"}", "")), c(FALSE, TRUE, FALSE))
})

test_that("notes of the program are messages of R", {
  skip_without_program()
  with_sweep <- short(sweep = list(design = "grid", axis = list(list(key = "traits.anxiety", values = c(0.2, 0.8)))))
  expect_message(pb_run(with_sweep), "base scenario only")
  expect_error(pb_command("run", "--no-such-option"), "unexpected argument '--no-such-option' found$", class = "pairbond_refused")
})
