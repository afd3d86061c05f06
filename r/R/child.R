# Runs the program: arguments as a vector without a shell, its output while it works, a clean end when R is
# interrupted, and exit codes as conditions.

start_child <- function(path, args, folder = NULL) {
  tryCatch(
    processx::process$new(
      path, args,
      stdout = "|", stderr = "|", wd = folder, cleanup = TRUE, encoding = "UTF-8"
    ),
    error = function(e) {
      pb_abort("missing_program", paste0(path, " could not be started: ", conditionMessage(e)), parent = e)
    }
  )
}

# Time that the program has to end after SIGINT, in milliseconds. It ends at the next job or chart.
PATIENCE <- 15000L

# Asks the program to end and waits for it; what it has done stays usable. Kills it only if it does not end.
stop_child <- function(child) {
  if (child$is_alive()) {
    child$interrupt()
    child$wait(PATIENCE)
    if (child$is_alive()) {
      child$kill(close_connections = FALSE)
    }
  }
}

# Waits for the program to end. Returns its exit status and the lines of both outputs; `on_line` gets each line of
# standard error when it is there, and NULL in between. Lines of progress are not kept.
finish_child <- function(child, on_line = function(line) NULL, on_interrupt = function(stderr) NULL) {
  stdout <- stderr <- character()
  collect <- function() {
    stdout <<- c(stdout, child$read_output_lines())
    lines <- child$read_error_lines()
    stderr <<- c(stderr, lines[!is_progress(lines)])
    lines
  }
  # Also where an error or a time limit of R ends this function.
  on.exit(stop_child(child))
  withCallingHandlers(
    while (child$is_incomplete_output() || child$is_incomplete_error()) {
      child$poll_io(200L)
      lines <- collect()
      if (length(lines) == 0L) {
        on_line(NULL)
      }
      for (line in lines) {
        on_line(line)
      }
    },
    interrupt = function(condition) {
      stop_child(child)
      collect()
      on_interrupt(stderr)
    }
  )
  child$wait()
  list(status = child$get_exit_status(), stdout = stdout, stderr = stderr)
}

default_progress <- function() isTRUE(getOption("pairbond.progress", interactive()))

# Shows progress: in an interactive session one line that is written again, else a line at first and each minute.
progress_display <- function(what, shown) {
  start <- Sys.time()
  text <- ""
  width <- 0L
  printed <- -Inf
  on_line <- function(line) {
    if (!shown) {
      return()
    }
    is_news <- !is.null(line) && is_progress(line)
    if (is_news) {
      text <<- progress_text(read_message(line))
    }
    seconds <- as.numeric(difftime(Sys.time(), start, units = "secs"))
    if (!interactive()) {
      if (is_news && seconds - printed >= 60) {
        message("pairbond ", what, ": ", text)
        printed <<- seconds
      }
    } else if (seconds > 1) {
      shown_line <- sprintf("pairbond %s: %.0f s  %s", what, seconds, text)
      cat("\r", formatC(shown_line, width = -width), sep = "", file = stderr())
      width <<- nchar(shown_line)
    }
  }
  clear <- function() {
    if (width > 0L) {
      cat("\r", strrep(" ", width), "\r", sep = "", file = stderr())
      width <<- 0L
    }
  }
  list(on_line = on_line, clear = clear)
}

# Runs a command of the program and returns what it printed. An exit code other than those in `allowed` is an
# error. `resume` says what an interrupted call's user can do.
call_program <- function(args, folder = NULL, progress = FALSE, resume = NULL, allowed = 0L) {
  program <- pb_program()
  display <- progress_display(args[1L], progress)
  on.exit(display$clear())
  child <- start_child(program, pass_bytes(c("--message-format=json", args)), folder)
  interrupted <- function(stderr) {
    display$clear()
    said <- grep("^interrupted", texts_of(read_messages(stderr), "message"), value = TRUE)
    message("pairbond was stopped: ", paste(c(as_arguments(said), resume), collapse = "\n"))
  }
  done <- finish_child(child, display$on_line, interrupted)
  done$messages <- read_messages(done$stderr)
  done$stderr <- lines_of(done$messages)
  done$command <- args
  if (done$status %in% allowed) {
    return(done)
  }
  text <- paste(as_arguments(done$stderr), collapse = "\n")
  fields <- list(status = done$status, stdout = done$stdout, stderr = done$stderr, command = args)
  fail <- function(kind, message) {
    do.call(pb_abort, c(list(kind, message), fields, list(diagnostics = diagnostics_of(done$messages))))
  }
  if (done$status == 130L) {
    fail("interrupted", paste(c("pairbond was interrupted", text, resume), collapse = "\n"))
  }
  if (done$status < 0L || done$status > 128L) {
    signal <- if (done$status < 0L) -done$status else done$status - 128L
    reason <- if (signal == 9L) ", as the system does where memory runs out" else ""
    fail("killed", paste(c(
      paste0("pairbond ", args[1L], " was killed by signal ", signal, reason, "; no results were written"),
      text[nzchar(text)], resume
    ), collapse = "\n"))
  }
  if (done$status == 2L) {
    fail("refused", paste0("pairbond ", args[1L], " refused what it was given\n", text))
  }
  fail("failed", paste0("pairbond ", args[1L], " failed\n", text))
}

# Options that messages name, as arguments of R's functions.
as_arguments <- function(lines) {
  lines <- sub("run the same command with --resume to continue", "the same call with resume = TRUE continues", lines, fixed = TRUE)
  gsub("--(force|resume)\\b", "\\1 = TRUE", lines)
}

# Turns the program's warnings into R's, and its notes into messages.
warn_of <- function(messages) {
  for (message in messages) {
    text <- paste(as_arguments(lines_of(list(message))), collapse = "\n")
    if (identical(message$level, "warning")) {
      pb_warn(text, diagnostics = diagnostics_of(list(message)))
    } else if (identical(message$level, "note")) {
      message(text)
    }
  }
}

#' Run any command of the program
#'
#' For commands that have no function, such as `validate` and `calibrate`. The
#' arguments are passed as they are, without a shell.
#'
#' @param ... Texts: the command and its arguments, as on the command line.
#' @param progress Whether to show progress.
#' @return The lines that the program printed. Its warnings are R warnings.
#' @examples
#' if (pb_available()) {
#'   head(pb_command("explain", "trust"), 4)
#' }
#' @export
pb_command <- function(..., progress = default_progress()) {
  args <- c(...)
  if (!is.character(args) || length(args) == 0L || anyNA(args)) {
    bad_argument("the command and its arguments must be texts")
  }
  done <- call_program(args, progress = progress)
  warn_of(done$messages)
  done$stdout
}

#' Look up a key, column, chart, error code or term
#'
#' @param name A name, such as `"traits.anxiety"`, `"couples.time"` or `"E007"`;
#'   without one, a list of what there is.
#' @return The text, invisibly; it is printed.
#' @examples
#' if (pb_available()) pb_explain("traits.anxiety")
#' @export
pb_explain <- function(name = NULL) {
  args <- c("explain", if (!is.null(name)) c("--", one_text(name, "name")))
  text <- call_program(args)$stdout
  writeLines(text)
  invisible(text)
}
