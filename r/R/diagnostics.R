# Messages of the program: with `--message-format=json` each is an object of JSON on its own line.

# A message in which another one is quoted has its quotes escaped.
is_progress <- function(lines) {
  startsWith(lines, "{") & grepl("\"kind\":\"progress\"", lines, fixed = TRUE)
}

# A line as a message. One that is no object, as of a crash or from the system, is its text.
read_message <- function(line) {
  message <- tryCatch(jsonlite::parse_json(line), error = function(e) NULL)
  if (is.list(message) && is.character(message$kind)) message else list(kind = "message", message = line)
}

read_messages <- function(lines) lapply(lines[nzchar(lines)], read_message)

texts_of <- function(messages, field) {
  as.character(unlist(lapply(messages, function(message) message[[field]])))
}

# How far the work is.
progress_text <- function(message) {
  if (identical(message$stage, "finishing")) {
    return("drawing charts and writing files")
  }
  counted <- message$parts
  if (is.null(counted)) {
    counted <- list(name = "couple-days", done = message$couple_days, total = message$total)
  }
  count <- function(number) formatC(number, format = "d", big.mark = ",")
  sprintf("%s of %s %s", count(counted$done), count(counted$total), counted$name)
}

# Messages as lines for people. The command line's own advice is not for R.
lines_of <- function(messages) {
  lines <- lapply(messages, function(message) {
    if (identical(message$kind, "diagnostic")) {
      return(c(strsplit(message$rendered, "\n", fixed = TRUE)[[1L]], ""))
    }
    level <- if (is.null(message$level)) "" else paste0(message$level, ": ")
    text <- sub("\n+Usage: .*", "", message$message)
    help <- if (is.null(message$help)) NULL else paste0("  help: ", message$help)
    c(strsplit(paste0(level, text), "\n", fixed = TRUE)[[1L]], help)
  })
  lines <- as.character(unlist(lines))
  lines[rev(cumsum(rev(nzchar(lines))) > 0L)]
}

# A data frame with a row for each error and warning; the place is missing where there is none.
diagnostics_of <- function(messages) {
  graded <- vapply(messages, function(message) isTRUE(message$level %in% c("error", "warning")), NA)
  column <- function(field, missing) {
    vapply(messages[graded], function(message) {
      value <- message[[field]]
      if (is.null(value)) missing else value
    }, missing)
  }
  text <- function(field) column(field, NA_character_)
  number <- function(field) column(field, NA_integer_)
  data.frame(
    level = text("level"), code = text("code"), message = text("message"), file = text("file"),
    line = number("line"), column = number("column"), label = text("label"), help = text("help")
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
  found <- diagnostics_of(done$messages)
  # Without a place there was nothing to check, such as a file that is missing.
  if (done$status == 2L && !any(found$level == "error" & !is.na(found$line))) {
    pb_abort("refused", paste0("pairbond check refused what it was given\n", paste(done$stderr, collapse = "\n")),
      status = 2L, stderr = done$stderr, command = args, diagnostics = found
    )
  }
  structure(found, class = c("pairbond_diagnostics", "data.frame"), text = done$stderr)
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
