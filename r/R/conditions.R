# Conditions of the package: errors of class pairbond_error, warnings of class pairbond_warning.

# Stops with an error of class pairbond_error and pairbond_KIND. Fields are kept in the condition.
pb_abort <- function(kind, message, ..., call = NULL) {
  classes <- c(paste0("pairbond_", kind), "pairbond_error", "error", "condition")
  stop(structure(class = classes, list(message = message, call = call, ...)))
}

pb_warn <- function(message, ...) {
  classes <- c("pairbond_warning", "warning", "condition")
  warning(structure(class = classes, list(message = message, call = NULL, ...)))
}

bad_argument <- function(...) pb_abort("argument", paste0(...))

# The argument as one text, or an error that names it.
one_text <- function(x, name) {
  if (!is.character(x) || length(x) != 1L || is.na(x) || !nzchar(x)) {
    bad_argument("`", name, "` must be one text that is not empty")
  }
  x
}

one_flag <- function(x, name) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    bad_argument("`", name, "` must be TRUE or FALSE")
  }
  x
}

# The known name that is nearest to a misspelt one, as the end of a message.
did_you_mean <- function(name, known) {
  if (length(known) == 0L) {
    return("")
  }
  distance <- utils::adist(name, known, ignore.case = TRUE)
  best <- which.min(distance)
  if (distance[best] <= max(1, nchar(name) %/% 3)) {
    paste0("; did you mean `", known[best], "`?")
  } else {
    paste0("; there are ", paste0("`", known, "`", collapse = ", "))
  }
}

# A path that processes and R's own functions take alike: `~` is expanded, and UTF-8 is passed as it is in a
# locale that cannot represent it.
system_path <- function(path) {
  path <- path.expand(path)
  if (.Platform$OS.type == "unix" && !isTRUE(l10n_info()[["UTF-8"]])) {
    marked <- Encoding(path) == "UTF-8"
    # `Encoding<-` to "unknown" keeps the bytes and removes the mark by which R would translate them.
    Encoding(path)[marked] <- "unknown"
  }
  path
}
