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

# In a locale that is not of UTF-8, R would translate text in UTF-8 for other programs, with `<U+00E9>` for what the
# locale does not have. Systems other than Windows take the bytes as they are.
pass_bytes <- function(text) {
  if (.Platform$OS.type != "windows" && !isTRUE(l10n_info()[["UTF-8"]])) {
    # The mark is removed, the bytes stay.
    Encoding(text)[Encoding(text) == "UTF-8"] <- "unknown"
  }
  text
}

# A path that other programs and R's own functions take alike.
system_path <- function(path) path.expand(pass_bytes(path))
