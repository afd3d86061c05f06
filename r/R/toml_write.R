# Writes lists as TOML.

# Lines of a table with the name `path` (none: the file). `depth` decides which tables in it are on one line.
write_toml <- function(table, path = character(), depth = length(path)) {
  check_names(table, path)
  table <- lapply(table, function(value) if (is.data.frame(value)) rows_of(value) else value)
  is_section <- vapply(seq_along(table), function(i) is_section(table[[i]], depth), NA)
  lines <- character()
  for (i in which(!is_section)) {
    at <- c(path, names(table)[i])
    lines <- c(lines, paste(toml_key(names(table)[i]), "=", inline_value(table[[i]], paste(at, collapse = "."))))
  }
  for (i in which(is_section)) {
    at <- c(path, names(table)[i])
    header <- paste(toml_key(at), collapse = ".")
    value <- table[[i]]
    if (is_table(value)) {
      inner <- write_toml(value, at)
      # A table that holds only tables needs no header of its own.
      only_tables <- length(inner) > 0L && inner[1L] == ""
      lines <- c(lines, if (!only_tables) c("", paste0("[", header, "]")), inner)
    } else {
      for (element in value) {
        lines <- c(lines, "", paste0("[[", header, "]]"), write_toml(element, at, 2L))
      }
    }
  }
  if (length(path) == 0L && length(lines) > 0L && lines[1L] == "") lines[-1L] else lines
}

is_table <- function(x) is.list(x) && !inherits(x, "AsIs") && (length(x) == 0L || !is.null(names(x)))

is_list_of_tables <- function(x) {
  is.list(x) && is.null(names(x)) && length(x) > 0L && all(vapply(x, is_table, NA))
}

# Whether a value has a header. Distributions, and short tables within tables of tables, are on the line of their key.
is_section <- function(x, depth) {
  if (is_list_of_tables(x)) {
    return(TRUE)
  }
  may_be_inline <- depth >= 2L || depth == 1L && "dist" %in% names(x)
  is_table(x) && !(may_be_inline && length(x) > 0L && fits_on_a_line(x))
}

fits_on_a_line <- function(x) {
  inner <- function(value) {
    if (is_table(value)) length(value) > 0L && all(vapply(value, inner, NA)) else !is_list_of_tables(value) && !is.data.frame(value)
  }
  # An error in a value is reported where the value is written.
  inner(x) && isTRUE(tryCatch(nchar(inline_value(x, "")) <= 100L, pairbond_error = function(e) FALSE))
}

check_names <- function(table, path) {
  names <- names(table)
  if (length(table) > 0L && (is.null(names) || anyNA(names) || !all(nzchar(names)))) {
    bad_argument("every value", if (any(nzchar(path))) paste0(" of `", paste(path, collapse = "."), "`"), " needs a name")
  }
  if (anyDuplicated(names)) {
    bad_argument("`", paste(c(path[nzchar(path)], names[anyDuplicated(names)]), collapse = "."), "` is given twice")
  }
}

# Rows of a data frame as tables; missing values are left out.
rows_of <- function(frame) {
  frame <- lapply(frame, function(column) if (is.factor(column)) as.character(column) else column)
  rows <- if (length(frame) == 0L) 0L else length(frame[[1L]])
  lapply(seq_len(rows), function(i) {
    row <- lapply(frame, function(column) column[[i]])
    row[!vapply(row, function(value) is.atomic(value) && length(value) == 1L && is.na(value), NA)]
  })
}

toml_key <- function(key) {
  ifelse(grepl("^[A-Za-z0-9_-]+$", key), key, toml_text(key))
}

toml_text <- function(x) {
  if (!all(validEnc(x))) {
    bad_argument("a text is not valid in its encoding")
  }
  x <- enc2utf8(x)
  x <- gsub("\\", "\\\\", x, fixed = TRUE)
  x <- gsub("\"", "\\\"", x, fixed = TRUE)
  for (code in c(1:31, 127L)) {
    short <- c(`8` = "\\b", `9` = "\\t", `10` = "\\n", `12` = "\\f", `13` = "\\r")[as.character(code)]
    x <- gsub(intToUtf8(code), if (is.na(short)) sprintf("\\u%04X", code) else short, x, fixed = TRUE)
  }
  paste0("\"", x, "\"")
}

# Shortest digits that read back as the same double.
toml_number <- function(x) {
  if (is.nan(x)) {
    return("nan")
  }
  if (is.infinite(x)) {
    return(if (x > 0) "inf" else "-inf")
  }
  if (x == trunc(x) && abs(x) < 2^53) {
    return(sprintf("%.0f", x + 0))
  }
  for (digits in 15:17) {
    text <- sprintf("%.*g", digits, x)
    if (as.numeric(text) == x) {
      break
    }
  }
  # A float of TOML has a point or an exponent.
  if (grepl("[.e]", text)) text else paste0(text, ".0")
}

# A value on one line. `key` is for errors.
inline_value <- function(x, key) {
  if (is.null(x)) {
    bad_argument("`", key, "` is NULL; leave the key out")
  }
  if (is.factor(x)) {
    x <- as.character(x)
  }
  if (is.data.frame(x)) {
    x <- rows_of(x)
  }
  if (is_table(x)) {
    check_names(x, key)
    inner <- vapply(names(x), function(name) {
      paste(toml_key(name), "=", inline_value(x[[name]], paste0(key, ".", name)))
    }, "")
    return(if (length(inner) == 0L) "{}" else paste("{", paste(inner, collapse = ", "), "}"))
  }
  if (is.list(x)) {
    values <- vapply(seq_along(x), function(i) inline_value(x[[i]], key), "")
    return(paste0("[", paste(values, collapse = ", "), "]"))
  }
  classes <- setdiff(oldClass(x), "AsIs")
  is_written_bare <- any(c("pb_integer", "toml_date") %in% classes)
  is_value <- (is.character(x) || is.logical(x) || is.numeric(x)) && (length(classes) == 0L || is_written_bare)
  if (!is_value) {
    bad_argument("`", key, "` is of class ", class(x)[1L], ": values are numbers, texts, TRUE and FALSE")
  }
  is_array <- length(x) != 1L || inherits(x, "AsIs")
  x <- unclass(x)
  if (any(is.na(x) & !is.nan(x))) {
    bad_argument("`", key, "` has a missing value; leave the key out")
  }
  # Digits of a seed are often text, since numbers of R round those above 2^53.
  is_written_bare <- is_written_bare || key == "run.seed" && is.character(x) && all(grepl("^[0-9]+$", x))
  values <- if (is_written_bare) {
    as.character(x)
  } else if (is.character(x)) {
    toml_text(x)
  } else if (is.logical(x)) {
    ifelse(x, "true", "false")
  } else {
    vapply(as.numeric(x), toml_number, "")
  }
  if (is_array) paste0("[", paste(values, collapse = ", "), "]") else values
}
