# Scenarios as lists, and as files for the program.

#' A scenario as a list
#'
#' A scenario is a list of class `pairbond_scenario` that mirrors the TOML file: tables are
#' named lists, repeated tables such as `[[event]]` are lists of named lists (or data
#' frames, a row for each), and values are numbers, texts, `TRUE` and `FALSE`.
#'
#' @details
#' Two things need a decision in R that TOML does not ask for. A vector of one element is a
#' single value; a list with one element is written as [I()]: `waves = I(30)`. An empty
#' list is an empty table (`[condition.none]` is `condition = list(none = list())`), and
#' an empty list of values is `I(list())`.
#'
#' Numbers are doubles. Integers above 2^53, which doubles round, are texts of the class
#' `pb_integer`: `pb_integer("9007199254740993")`. The seed may be any text of digits.
#'
#' Comments of a file are not kept. `pb_run("file.toml")` passes a file as it is; the list
#' is for scenarios that R makes or changes. Reading a file checks that it is TOML, not
#' that it is a scenario: see [pb_check()].
#'
#' @param file A TOML file.
#' @param ... Top-level keys and tables, instead of a file.
#' @param text TOML, instead of a file: one text or lines.
#' @param example Name of a scenario that comes with the program (see [pb_examples()]).
#' @param scenario A scenario: a list, or the path of a file.
#' @return `pb_scenario()` and `pb_set()`: a scenario. `pb_toml()`: its text.
#'   `pb_write()`: the path, invisibly. `pb_examples()`: names. `pb_integer()`: text that
#'   is written as an integer.
#' @examples
#' mine <- pb_scenario(
#'   title = "B turns away",
#'   run = list(couples = 200, days = 300),
#'   event = list(
#'     list(
#'       kind = "trait", partner = "b", trait = "responsiveness",
#'       factor = 0.5, from = 100, "for" = 60, label = "B turns away"
#'     )
#'   )
#' )
#' mine
#' mine$run$seed <- 7
#' pb_set(mine, traits.a.anxiety = 0.7, event.b_turns_away.factor = 0.3)
#' @export
pb_scenario <- function(file = NULL, ..., text = NULL, example = NULL) {
  keys <- list(...)
  if (is.list(file) && !is.data.frame(file)) {
    keys <- c(unclass(file), keys)
    file <- NULL
  }
  given <- c(!is.null(file), length(keys) > 0L, !is.null(text), !is.null(example))
  if (sum(given) != 1L) {
    bad_argument("give one of `file`, keys, `text` and `example`")
  }
  if (given[2L]) {
    check_names(keys, "")
    return(structure(keys, class = "pairbond_scenario"))
  }
  if (given[4L]) {
    lines <- call_program(c("examples", "--", one_text(example, "example")))$stdout
    return(scenario_of_text(lines, paste0(example, ".toml"), NULL))
  }
  if (given[3L]) {
    return(scenario_of_text(text, "text", NULL))
  }
  path <- system_path(one_text(file, "file"))
  if (!file.exists(path) || dir.exists(path)) {
    pb_abort("unreadable", paste0("there is no file ", path))
  }
  scenario <- scenario_of_text(read_utf8(path), file, path)
  # Files that the scenario names are next to it.
  attr(scenario, "folder") <- normalizePath(dirname(path))
  scenario
}

read_utf8 <- function(path) {
  bytes <- readBin(path, "raw", file.size(path))
  if (any(bytes == 0)) {
    pb_abort("unreadable", paste0(path, " holds a NUL byte, so that it is no text"))
  }
  text <- rawToChar(bytes)
  if (!validUTF8(text)) {
    pb_abort("unreadable", paste0(path, " is not text in UTF-8"))
  }
  Encoding(text) <- "UTF-8"
  sub("^\uFEFF", "", text)
}

scenario_of_text <- function(text, name, path) {
  if (!is.character(text) || anyNA(text)) {
    bad_argument("`text` must be text")
  }
  list <- tryCatch(read_toml(text), toml_error = function(e) {
    # The program says more, and where.
    if (!is.null(path) && pb_available()) {
      done <- call_program(c("check", file_arguments(path)), allowed = c(0L, 2L))
      if (done$status == 2L) {
        pb_abort("refused", paste0(name, " is not TOML\n", paste(done$stderr, collapse = "\n")),
          status = 2L, stderr = done$stderr, diagnostics = diagnostics_of(done$messages)
        )
      }
    }
    pb_abort("unreadable", paste0(name, ":", e$line, ": ", conditionMessage(e)), line = e$line)
  })
  structure(list, class = "pairbond_scenario")
}

#' @rdname pb_scenario
#' @export
pb_toml <- function(scenario) {
  paste(write_toml(unclass(as_scenario(scenario))), collapse = "\n")
}

#' @rdname pb_scenario
#' @param force Whether an existing file is replaced.
#' @export
pb_write <- function(scenario, file, force = FALSE) {
  lines <- write_toml(unclass(as_scenario(scenario)))
  path <- system_path(one_text(file, "file"))
  if (dir.exists(path)) {
    bad_argument(file, " is a folder")
  }
  if (file.exists(path) && !one_flag(force, "force")) {
    pb_abort("refused", paste0(file, " already exists (force = TRUE replaces it)"))
  }
  if (!dir.exists(dirname(path))) {
    pb_abort("failed", paste0("could not write ", file, ": there is no folder ", dirname(path)))
  }
  # A file is there whole or not at all.
  partial <- tempfile(paste0(".", basename(path), "-"), dirname(path))
  on.exit(unlink(partial))
  written <- tryCatch(
    {
      write_utf8(lines, partial)
      file.rename(partial, path)
    },
    warning = function(w) w,
    error = function(e) e
  )
  if (!isTRUE(written)) {
    reason <- if (inherits(written, "condition")) paste0(": ", conditionMessage(written)) else ""
    pb_abort("failed", paste0("could not write ", file, reason))
  }
  invisible(file)
}

write_utf8 <- function(lines, path) {
  connection <- file(path, "wb")
  on.exit(close(connection))
  writeLines(enc2utf8(lines), connection, useBytes = TRUE)
}

#' @rdname pb_scenario
#' @export
pb_examples <- function() {
  lines <- call_program("examples")$stdout
  names <- sub("^ *([a-z0-9_/]+)( .*)?$", "\\1", lines)
  names[grepl("^ *[a-z0-9_/]+(  .*)?$", lines)]
}

#' @rdname pb_scenario
#' @param x Digits, as text.
#' @export
pb_integer <- function(x) {
  if (!is.character(x) || !all(grepl("^[+-]?[0-9]+$", x))) {
    bad_argument("pb_integer() takes texts of digits")
  }
  structure(x, class = "pb_integer")
}

#' @export
print.pairbond_scenario <- function(x, ...) {
  writeLines(pb_toml(x))
  invisible(x)
}

#' @export
format.pairbond_scenario <- function(x, ...) pb_toml(x)

#' @export
print.pb_integer <- function(x, ...) {
  cat(unclass(x), "\n")
  invisible(x)
}

#' @export
`[.pb_integer` <- function(x, i) structure(unclass(x)[i], class = "pb_integer")

as_scenario <- function(x) {
  if (inherits(x, "pairbond_scenario")) {
    return(x)
  }
  if (is.character(x) && length(x) == 1L) {
    return(pb_scenario(x))
  }
  if (is.list(x) && !is.data.frame(x)) {
    return(do.call(pb_scenario, x))
  }
  bad_argument("a scenario is a list of pb_scenario(), or the path of a file")
}

#' Change values of a scenario
#'
#' Keys are the dotted names that `--set` of the program takes: `run.couples`,
#' `traits.a.anxiety`, `event.1.factor` (events are numbered from 1) and
#' `event.b_turns_away.factor` (by label, in lower case and with `_` for other
#' characters).
#'
#' @details
#' `pb_set()` changes the list, and so the text of the scenario. The argument `set` of
#' [pb_run()] leaves the scenario as it is and passes the values to the program, which
#' knows the defaults: `set = list(traits.a.openness.median = 1.2)` changes one number
#' of the default distribution, where `pb_set()` would leave a distribution of which only
#' the median is known.
#'
#' @param scenario A scenario, or the path of a file.
#' @param ... Values by key; `NULL` removes a key. A named list without a name of its own
#'   may hold them, too.
#' @return The changed scenario.
#' @examples
#' mine <- pb_scenario(title = "Mine", run = list(couples = 500))
#' pb_set(mine, run.couples = 50, mechanisms.projection = FALSE)
#' pb_set(mine, list("correlations.anxiety~avoidance" = 0.5))
#' @export
pb_set <- function(scenario, ...) {
  scenario <- as_scenario(scenario)
  values <- named_values(list(...))
  for (i in seq_along(values)) {
    path <- strsplit(names(values)[i], ".", fixed = TRUE)[[1L]]
    if (length(path) == 0L || !all(nzchar(path))) {
      bad_argument("`", names(values)[i], "` is no key")
    }
    kept <- attributes(scenario)[c("class", "folder")]
    scenario <- set_at(unclass(scenario), path, values[[i]], names(values)[i])
    attributes(scenario) <- c(attributes(scenario)["names"], kept[lengths(kept) > 0L])
  }
  scenario
}

# Values by name from arguments of which one may be a list without a name.
named_values <- function(arguments) {
  names <- names(arguments)
  if (is.null(names)) {
    names <- rep("", length(arguments))
  }
  is_list <- !nzchar(names) & vapply(arguments, is.list, NA)
  parts <- lapply(seq_along(arguments), function(i) if (is_list[i]) arguments[[i]] else arguments[i])
  values <- do.call(c, parts)
  if (length(values) > 0L && (is.null(names(values)) || !all(nzchar(names(values))))) {
    bad_argument("values need the names of keys, such as run.couples = 200")
  }
  values
}

set_at <- function(table, path, value, key) {
  at <- path[1L]
  if (is.data.frame(table)) {
    table <- rows_of(table)
  }
  if (is.list(table) && is.null(names(table)) && length(table) > 0L) {
    at <- number_of(table, at, key)
  } else if (!is.list(table)) {
    bad_argument("`", key, "`: `", at, "` is in a value that is no table")
  }
  if (length(path) == 1L) {
    if (is.null(value)) {
      table[[at]] <- NULL
    } else {
      table[at] <- list(value)
    }
    return(table)
  }
  inner <- if (is.numeric(at) || at %in% names(table)) table[[at]] else list()
  table[at] <- list(set_at(inner, path[-1L], value, key))
  table
}

# The position in a list of tables that a number or a label names.
number_of <- function(tables, at, key) {
  if (grepl("^[0-9]+$", at)) {
    number <- as.integer(at)
    if (is.na(number) || number < 1L || number > length(tables)) {
      bad_argument("`", key, "`: there are ", length(tables), ", numbered from 1")
    }
    return(number)
  }
  name <- function(table) {
    label <- table[["label"]]
    if (is.null(label)) label <- table[["name"]]
    if (is.null(label)) "" else gsub("^_+|_+$", "", gsub("[^[:alnum:]]+", "_", tolower(label)))
  }
  names <- vapply(tables, name, "")
  found <- which(names == at)
  if (length(found) != 1L) {
    bad_argument("`", key, "`: ", length(found), " have the label `", at, "`", did_you_mean(at, names[nzchar(names)]))
  }
  found
}

# Where the program finds scenarios: files as they are, and lists written to a new folder, in which the program
# is started, so that no path of this machine is in the results.
place_scenarios <- function(scenarios, names = NULL) {
  is_file <- vapply(scenarios, is.character, NA)
  for (scenario in scenarios[is_file]) {
    one_text(scenario, "scenario")
  }
  if (all(is_file)) {
    return(list(folder = NULL, files = system_path(unlist(scenarios))))
  }
  folder <- tempfile("scenario-", tempdir(check = TRUE))
  dir.create(folder)
  stems <- if (is.null(names)) rep("", length(scenarios)) else names
  stems[!nzchar(stems)] <- if (length(scenarios) == 1L) "scenario" else paste0("scenario_", seq_along(stems))[!nzchar(stems)]
  files <- vapply(seq_along(scenarios), function(i) {
    if (is_file[i]) {
      return(absolute(scenarios[[i]]))
    }
    scenario <- as_scenario(scenarios[[i]])
    file <- paste0(stems[i], ".toml")
    tryCatch(write_utf8(write_toml(unclass(scenario)), file.path(folder, file)), error = function(e) {
      unlink(folder, recursive = TRUE)
      stop(e)
    })
    copy_points(scenario, folder)
    file
  }, "")
  list(folder = folder, files = files)
}

# The file of points of a sweep is found next to the scenario.
copy_points <- function(scenario, folder) {
  table <- scenario[["sweep"]][["table"]]
  if (!is.character(table) || length(table) != 1L) {
    return()
  }
  from <- attr(scenario, "folder")
  path <- file.path(if (is.null(from)) getwd() else from, table)
  if (basename(table) == table && file.exists(path)) {
    file.copy(path, folder)
  }
}

is_absolute <- function(path) grepl("^(/|\\\\|[A-Za-z]:)", path)

absolute <- function(path) {
  path <- system_path(path)
  if (is_absolute(path)) path else file.path(getwd(), path)
}

# Files as arguments that cannot be taken for options.
file_arguments <- function(files) c("--", files)

# Values for the program's `--set`.
set_arguments <- function(set) {
  if (is.null(set) || length(set) == 0L) {
    return(character())
  }
  values <- named_values(list(as.list(set)))
  keys <- names(values)
  paste0("--set=", keys, "=", vapply(seq_along(values), function(i) inline_value(values[[i]], keys[i]), ""))
}
