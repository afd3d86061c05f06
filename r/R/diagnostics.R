# Diagnostics: errors and warnings that the program prints, with their places.

HEADER <- "^(error|warning)(\\[([EW][0-9]+)\\])?: (.*)$"

# Lines of each error and warning.
diagnostic_blocks <- function(lines) {
  begins <- grep(HEADER, lines)
  if (length(begins) == 0L) {
    return(list())
  }
  ends <- c(begins[-1L] - 1L, length(lines))
  Map(function(first, last) lines[first:last], begins, ends)
}

empty_diagnostics <- function() {
  data.frame(
    level = character(), code = character(), message = character(), file = character(), line = integer(),
    column = integer(), label = character(), help = character()
  )
}

# A data frame with a row for each error and warning; the place is missing where there is none.
read_diagnostics <- function(lines) {
  rows <- lapply(diagnostic_blocks(lines), read_block)
  if (length(rows) == 0L) empty_diagnostics() else do.call(rbind, rows)
}

read_block <- function(block) {
  first <- function(pattern, group = 1L) {
    found <- grep(pattern, block, value = TRUE)
    if (length(found) == 0L) {
      return(NA_character_)
    }
    text <- sub(pattern, paste0("\\", group), found[1L])
    if (nzchar(text)) text else NA_character_
  }
  # A name may have colons: the last two are those before line and column.
  place <- "^ *--> (.*):([0-9]+):([0-9]+)$"
  data.frame(
    level = first(HEADER, 1L),
    code = first(HEADER, 3L),
    message = first(HEADER, 4L),
    file = first(place, 1L),
    line = as.integer(first(place, 2L)),
    column = as.integer(first(place, 3L)),
    label = first("^ *\\| +\\^+ ?(.*)$"),
    help = first("^ *= help: (.*)$")
  )
}

#' Check a scenario
#'
#' Finds all errors and warnings of a scenario at once, without running it.
#'
#' @inheritParams pb_run
#' @return A data frame of class `pairbond_diagnostics` with a row for each error and
#'   warning, none where all is well: `level` (`error` or `warning`), `code`,
#'   `message`, `file`, `line`, `column`, `label` and `help`. It prints as the
#'   program does, with the line in question. Of a scenario that is a list, lines
#'   are those of its text (`print(scenario)`).
#' @examples
#' if (pb_available()) {
#'   pb_check(pb_scenario(title = "Misspelt", run = list(dayz = 3)))
#' }
#' @export
pb_check <- function(scenario, set = list()) {
  place <- place_scenarios(list(scenario))
  on.exit(unlink(place$folder, recursive = TRUE))
  args <- c("check", set_arguments(set), file_arguments(place$files))
  done <- call_program(args, place$folder, allowed = c(0L, 2L))
  found <- read_diagnostics(done$stderr)
  # Without a place there was nothing to check, such as a file that is missing.
  if (done$status == 2L && !any(found$level == "error" & !is.na(found$line))) {
    pb_abort("refused", paste0("pairbond check refused what it was given\n", paste(without_usage(done$stderr), collapse = "\n")),
      status = 2L, stderr = done$stderr, command = args, diagnostics = found
    )
  }
  structure(found, class = c("pairbond_diagnostics", "data.frame"), text = without_usage(done$stderr))
}

#' @export
print.pairbond_diagnostics <- function(x, ...) {
  text <- attr(x, "text")
  if (is.null(text)) {
    print(as.data.frame(x), ...)
  } else if (nrow(x) == 0L) {
    cat("no errors and no warnings\n")
  } else {
    writeLines(text)
  }
  invisible(x)
}

#' @export
`[.pairbond_diagnostics` <- function(x, ...) {
  # What is left no longer is what the text shows.
  class(x) <- "data.frame"
  attr(x, "text") <- NULL
  x[...]
}

#' @export
as.data.frame.pairbond_diagnostics <- function(x, ...) {
  class(x) <- "data.frame"
  attr(x, "text") <- NULL
  x
}
