# Which program runs, and whether its version is the one that this package is made for.

#' The program that the package runs
#'
#' `pb_program()` finds the program `pairbond`: the option `pairbond.program`, else
#' the environment variable `PAIRBOND`, else the first `pairbond` on the `PATH`, else
#' the place where `cargo install` puts it (`~/.cargo/bin`, or `bin` in
#' `CARGO_HOME`). The program's version must agree with the package's in its first
#' two numbers, since tables and options differ between versions;
#' `options(pairbond.any_version = TRUE)` uses another one all the same.
#'
#' The package does not contain the program. With a
#' [Rust toolchain](https://rustup.rs), `cargo install --path .` in a copy of the
#' pairbond repository installs it.
#'
#' @return `pb_program()`: the path, with the version as attribute `version`.
#'   `pb_version()`: the version. `pb_available()`: whether a program of the right
#'   version was found.
#' @examples
#' if (pb_available()) pb_version()
#' @export
pb_program <- function() {
  path <- find_program()
  version <- program_version(path)
  check_version(path, version)
  structure(path, version = version)
}

#' @rdname pb_program
#' @export
pb_version <- function() {
  package_version(attr(pb_program(), "version"))
}

#' @rdname pb_program
#' @export
pb_available <- function() {
  tryCatch(
    {
      pb_program()
      TRUE
    },
    pairbond_error = function(e) FALSE
  )
}

how_to_install <- function() {
  paste(
    "To install it, run `cargo install --path .` in a copy of the pairbond repository (Rust: https://rustup.rs).",
    "If it is elsewhere, set options(pairbond.program = \"/path/to/pairbond\") or the environment variable PAIRBOND."
  )
}

find_program <- function() {
  given <- getOption("pairbond.program")
  from <- "the option pairbond.program"
  if (is.null(given)) {
    given <- Sys.getenv("PAIRBOND", NA)
    from <- "the environment variable PAIRBOND"
    if (is.na(given) || !nzchar(given)) {
      given <- NULL
    }
  }
  if (!is.null(given)) {
    given <- system_path(one_text(given, "pairbond.program"))
    found <- if (grepl("[/\\\\]", given)) given else unname(Sys.which(given))
    if (!nzchar(found) || !file.exists(found) || dir.exists(found)) {
      pb_abort("missing_program", paste0(
        "no program at ", given, ", which ", from, " names\n", how_to_install()
      ))
    }
    # A process may be started in another folder than this one.
    return(normalizePath(found, mustWork = TRUE))
  }
  name <- if (.Platform$OS.type == "windows") "pairbond.exe" else "pairbond"
  cargo <- Sys.getenv("CARGO_HOME", file.path(path.expand("~"), ".cargo"))
  places <- c(unname(Sys.which("pairbond")), file.path(cargo, "bin", name))
  found <- places[nzchar(places) & file.exists(places)]
  if (length(found) == 0L) {
    pb_abort("missing_program", paste0(
      "the program `pairbond` was not found: neither on the PATH nor in ", file.path(cargo, "bin"), "\n",
      how_to_install()
    ))
  }
  normalizePath(found[1L], mustWork = TRUE)
}

# Versions by path; a program that was replaced is asked again.
known_versions <- new.env(parent = emptyenv())

program_version <- function(path) {
  state <- file.info(path, extra_cols = FALSE)[c("size", "mtime")]
  known <- known_versions[[path]]
  if (!is.null(known) && identical(known$state, state)) {
    return(known$version)
  }
  child <- start_child(path, "--version")
  output <- finish_child(child)
  version <- sub("^pairbond ([0-9][^ ]*).*", "\\1", output$stdout[1L])
  is_version <- output$status == 0L && grepl("^pairbond [0-9]+\\.[0-9]+", output$stdout[1L])
  if (!isTRUE(is_version)) {
    pb_abort("missing_program", paste0(
      path, " is not the program pairbond: `--version` printed \"",
      paste(utils::head(c(output$stdout, output$stderr), 1L), collapse = ""), "\"\n", how_to_install()
    ))
  }
  known_versions[[path]] <- list(state = state, version = version)
  version
}

own_version <- function() as.character(utils::packageVersion("pairbond"))

# The first two numbers of a version: while the first is 0, formats change with the second.
series <- function(version) sub("^([0-9]+\\.[0-9]+).*", "\\1", version)

check_version <- function(path, version) {
  if (series(version) == series(own_version()) || isTRUE(getOption("pairbond.any_version"))) {
    return(invisible())
  }
  pb_abort("other_version", paste0(
    path, " has version ", version, "; this package is made for ", series(own_version()), ".x\n",
    "Install the program and the package from the same version of pairbond, or set ",
    "options(pairbond.any_version = TRUE) to use this one all the same."
  ), version = version, expected = own_version())
}
