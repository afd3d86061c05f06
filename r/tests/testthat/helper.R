# Tests that simulate need the program; the others need nothing. With PAIRBOND_REQUIRED, the program must be there.
skip_without_program <- function() {
  if (!pb_available()) {
    if (nzchar(Sys.getenv("PAIRBOND_REQUIRED"))) {
      pb_program()
    }
    skip("the program pairbond is not installed")
  }
}

# A few couples for a few days.
short <- function(..., couples = 40, days = 20) {
  pb_scenario(title = "Short", run = list(couples = couples, days = days), ...)
}

fresh_folder <- function(env = parent.frame()) {
  path <- normalizePath(withr_tempdir())
  do.call(on.exit, list(bquote(unlink(.(path), recursive = TRUE)), add = TRUE), envir = env)
  path
}

withr_tempdir <- function() {
  path <- tempfile("test-")
  dir.create(path)
  path
}

# The program as a user of the command line starts it.
command_line <- function(..., folder = NULL) {
  processx::run(pb_program(), c(...), wd = folder, error_on_status = FALSE)
}

files_of <- function(folder) {
  files <- list.files(folder, all.files = TRUE, recursive = TRUE)
  setNames(tools::md5sum(file.path(folder, files)), files)
}

# A program that does what is written here, in sh, for all commands but `--version`.
fake_program <- function(folder, script, version = "0.1.0") {
  path <- file.path(folder, "pairbond")
  writeLines(c(
    "#!/bin/sh",
    "for argument; do [ \"$argument\" = --version ] && echo \"pairbond VERSION\" && exit; done",
    script
  ) |> gsub(pattern = "VERSION", replacement = version, fixed = TRUE), path)
  Sys.chmod(path, "755")
  path
}

with_option <- function(options, code) {
  old <- do.call(base::options, options)
  on.exit(base::options(old))
  force(code)
}

catch <- function(code) tryCatch(code, pairbond_error = identity)

# An R process that runs a script with this package.
r_process <- function(script, folder, env = character()) {
  file <- file.path(folder, "script.R")
  paths <- paste(.libPaths(), collapse = .Platform$path.sep)
  writeLines(c("library(pairbond)", script), file)
  processx::process$new(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", file),
    stdout = "|", stderr = "2>&1", wd = folder, env = c("current", R_LIBS = paths, env)
  )
}

skip_if_not_installed_here <- function() {
  skip_on_os("windows")
  skip_if(!nzchar(system.file(package = "pairbond", lib.loc = .libPaths())), "the package is not installed")
}
