# Reads TOML 1.0 as lists: tables are named lists, lists of tables are lists without names, numbers are doubles,
# lists of values are vectors where all are of one kind. A list of one value has the class AsIs; integers above 2^53
# have the class pb_integer, dates toml_date.

toml_error <- function(line, ...) {
  stop(structure(class = c("toml_error", "error", "condition"), list(message = paste0(...), call = NULL, line = line)))
}

read_toml <- function(text) {
  text <- paste(enc2utf8(text), collapse = "\n")
  reader <- new.env(parent = emptyenv())
  reader$text <- strsplit(gsub("\r\n", "\n", text, fixed = TRUE), "", fixed = TRUE)[[1L]]
  reader$at <- 1L
  codes <- utf8ToInt(paste(reader$text, collapse = ""))
  bad <- (codes < 32L & codes != 9L & codes != 10L) | codes == 127L
  if (any(bad)) {
    reader$at <- which(bad)[1L]
    refuse(reader, "a control character")
  }
  root <- new_table("header")
  current <- root
  repeat {
    skip_blank(reader)
    if (at_end(reader)) {
      return(as_list(root))
    }
    if (peek(reader) == "[") {
      current <- read_header(reader, root)
    } else {
      read_pair(reader, current)
    }
    end_of_line(reader)
  }
}

# A table while it is read. `kind` says what may still be added: `header` has a header or is the file, `implied` was
# named by the header of an inner table, `dotted` by a dotted key, `inline` is closed.
new_table <- function(kind) {
  table <- new.env(parent = emptyenv())
  table$kind <- kind
  table$values <- list()
  table
}

as_list <- function(table) {
  lapply(table$values, function(value) {
    if (is.environment(value)) {
      if (identical(value$kind, "tables")) lapply(value$tables, as_list) else as_list(value)
    } else {
      value
    }
  })
}

at_end <- function(reader) reader$at > length(reader$text)

peek <- function(reader, ahead = 0L) {
  at <- reader$at + ahead
  if (at > length(reader$text)) "" else reader$text[at]
}

advance <- function(reader, by = 1L) reader$at <- reader$at + by

refuse <- function(reader, ...) {
  before <- reader$text[seq_len(min(reader$at, length(reader$text) + 1L) - 1L)]
  toml_error(sum(before == "\n") + 1L, ...)
}

looking_at <- function(reader, text) {
  wanted <- strsplit(text, "", fixed = TRUE)[[1L]]
  end <- reader$at + length(wanted) - 1L
  end <= length(reader$text) && identical(reader$text[reader$at:end], wanted)
}

expect <- function(reader, character) {
  if (peek(reader) != character) {
    refuse(reader, "`", character, "` was expected")
  }
  advance(reader)
}

skip_spaces <- function(reader) {
  while (peek(reader) %in% c(" ", "\t")) advance(reader)
}

skip_comment <- function(reader) {
  if (peek(reader) == "#") {
    while (!at_end(reader) && peek(reader) != "\n") advance(reader)
  }
}

# Spaces, comments and ends of lines.
skip_blank <- function(reader) {
  repeat {
    skip_spaces(reader)
    skip_comment(reader)
    if (peek(reader) != "\n") {
      return(invisible())
    }
    advance(reader)
  }
}

end_of_line <- function(reader) {
  skip_spaces(reader)
  skip_comment(reader)
  if (!at_end(reader)) {
    expect(reader, "\n")
  }
}

read_header <- function(reader, root) {
  repeated <- looking_at(reader, "[[")
  advance(reader, if (repeated) 2L else 1L)
  skip_spaces(reader)
  path <- read_key(reader)
  skip_spaces(reader)
  expect(reader, "]")
  if (repeated) {
    expect(reader, "]")
  }
  table <- root
  for (name in path[-length(path)]) {
    inner <- table$values[[name]]
    if (is.null(inner)) {
      inner <- new_table("implied")
      table$values[[name]] <- inner
    } else if (is.environment(inner) && inner$kind == "tables") {
      inner <- inner$tables[[length(inner$tables)]]
    } else if (!is.environment(inner) || inner$kind == "inline") {
      refuse(reader, "`", name, "` is no table that can be extended")
    }
    table <- inner
  }
  name <- path[length(path)]
  there <- table$values[[name]]
  if (repeated) {
    if (is.null(there)) {
      there <- new_table("tables")
      there$tables <- list()
      table$values[[name]] <- there
    } else if (!is.environment(there) || there$kind != "tables") {
      refuse(reader, "`", name, "` is given twice")
    }
    table <- new_table("header")
    there$tables <- c(there$tables, table)
    return(table)
  }
  if (is.null(there)) {
    there <- new_table("header")
    table$values[[name]] <- there
  } else if (is.environment(there) && there$kind == "implied") {
    there$kind <- "header"
  } else {
    refuse(reader, "`", name, "` is given twice")
  }
  there
}

read_pair <- function(reader, table) {
  path <- read_key(reader)
  skip_spaces(reader)
  expect(reader, "=")
  skip_spaces(reader)
  value <- read_value(reader)
  for (name in path[-length(path)]) {
    inner <- table$values[[name]]
    if (is.null(inner)) {
      inner <- new_table("dotted")
      table$values[[name]] <- inner
    } else if (!is.environment(inner) || inner$kind != "dotted") {
      refuse(reader, "`", name, "` is given twice")
    }
    table <- inner
  }
  name <- path[length(path)]
  if (!is.null(table$values[[name]])) {
    refuse(reader, "`", name, "` is given twice")
  }
  table$values[[name]] <- value
}

read_key <- function(reader) {
  path <- character()
  repeat {
    first <- peek(reader)
    part <- if (first == "\"") {
      read_basic(reader)
    } else if (first == "'") {
      read_literal(reader)
    } else {
      read_bare(reader, "[A-Za-z0-9_-]")
    }
    path <- c(path, part)
    skip_spaces(reader)
    if (peek(reader) != ".") {
      # An empty name cannot name a value of a list in R.
      if (!all(nzchar(path))) {
        refuse(reader, "a key is empty")
      }
      return(path)
    }
    advance(reader)
    skip_spaces(reader)
  }
}

read_bare <- function(reader, allowed) {
  start <- reader$at
  while (grepl(allowed, peek(reader))) advance(reader)
  if (reader$at == start) {
    refuse(reader, "a key or value was expected")
  }
  paste(reader$text[start:(reader$at - 1L)], collapse = "")
}

read_value <- function(reader) {
  first <- peek(reader)
  if (looking_at(reader, "\"\"\"")) {
    read_basic(reader, lines = TRUE)
  } else if (looking_at(reader, "'''")) {
    read_literal(reader, lines = TRUE)
  } else if (first == "\"") {
    read_basic(reader)
  } else if (first == "'") {
    read_literal(reader)
  } else if (first == "[") {
    read_array(reader)
  } else if (first == "{") {
    read_inline(reader)
  } else {
    read_scalar(reader)
  }
}

ESCAPES <- c(b = "\b", t = "\t", n = "\n", f = "\f", r = "\r", "\"" = "\"", "\\" = "\\")

read_basic <- function(reader, lines = FALSE) {
  quote <- if (lines) "\"\"\"" else "\""
  advance(reader, nchar(quote))
  if (lines && peek(reader) == "\n") {
    advance(reader)
  }
  out <- character()
  repeat {
    if (at_end(reader) || (!lines && peek(reader) == "\n")) {
      refuse(reader, "a text is not closed")
    }
    if (looking_at(reader, quote)) {
      extra <- quotes_before_end(reader, lines, "\"")
      advance(reader, extra + nchar(quote))
      return(paste(c(out, rep("\"", extra)), collapse = ""))
    }
    if (peek(reader) != "\\") {
      out <- c(out, peek(reader))
      advance(reader)
      next
    }
    advance(reader)
    code <- peek(reader)
    if (code %in% names(ESCAPES)) {
      out <- c(out, ESCAPES[[code]])
      advance(reader)
    } else if (code %in% c("u", "U")) {
      digits <- paste(reader$text[reader$at + seq_len(if (code == "u") 4L else 8L)], collapse = "")
      if (!grepl("^[0-9A-Fa-f]+$", digits)) {
        refuse(reader, "an escape is not known")
      }
      number <- strtoi(digits, 16L)
      if (is.na(number) || number == 0L || number > 0x10FFFFL || (number >= 0xD800L && number <= 0xDFFFL)) {
        refuse(reader, "an escape is no character")
      }
      out <- c(out, intToUtf8(number))
      advance(reader, 1L + nchar(digits))
    } else if (lines && code %in% c(" ", "\t", "\n")) {
      skip_spaces(reader)
      if (peek(reader) != "\n") {
        refuse(reader, "an escape is not known")
      }
      while (peek(reader) %in% c(" ", "\t", "\n")) advance(reader)
    } else {
      refuse(reader, "an escape is not known")
    }
  }
}

# Up to two quotes may stand before the three that close a text of several lines.
quotes_before_end <- function(reader, lines, quote) {
  if (!lines || peek(reader, 3L) != quote) {
    return(0L)
  }
  if (peek(reader, 4L) == quote) 2L else 1L
}

read_literal <- function(reader, lines = FALSE) {
  quote <- if (lines) "'''" else "'"
  advance(reader, nchar(quote))
  if (lines && peek(reader) == "\n") {
    advance(reader)
  }
  start <- reader$at
  while (!looking_at(reader, quote)) {
    if (at_end(reader) || (!lines && peek(reader) == "\n")) {
      refuse(reader, "a text is not closed")
    }
    advance(reader)
  }
  advance(reader, quotes_before_end(reader, lines, "'"))
  text <- paste(reader$text[seq_len(reader$at - start) + start - 1L], collapse = "")
  advance(reader, nchar(quote))
  text
}

read_array <- function(reader) {
  advance(reader)
  values <- list()
  repeat {
    skip_blank(reader)
    if (peek(reader) == "]") {
      advance(reader)
      return(as_vector(values))
    }
    values <- c(values, list(read_value(reader)))
    skip_blank(reader)
    if (peek(reader) != "]") {
      expect(reader, ",")
    }
  }
}

# Values of one kind as a vector; others, and tables, as a list.
as_vector <- function(values) {
  if (length(values) == 0L) {
    return(I(list()))
  }
  values <- lapply(values, function(value) if (is.environment(value)) as_list(value) else value)
  kind <- function(value) if (is.atomic(value) && !inherits(value, "AsIs") && length(value) == 1L) class(value)[1L] else "other"
  kinds <- vapply(values, kind, "")
  if (all(kinds == kinds[1L]) && kinds[1L] %in% c("character", "numeric", "logical", "pb_integer")) {
    vector <- unlist(values)
    class <- if (kinds[1L] == "pb_integer") "pb_integer"
    return(structure(vector, class = c(if (length(values) == 1L) "AsIs", class)))
  }
  if (all(vapply(values, is_table, NA))) values else I(values)
}

read_inline <- function(reader) {
  advance(reader)
  table <- new_table("inline")
  skip_spaces(reader)
  if (peek(reader) == "}") {
    advance(reader)
    return(table)
  }
  repeat {
    skip_spaces(reader)
    read_pair(reader, table)
    skip_spaces(reader)
    if (peek(reader) == "}") {
      advance(reader)
      return(close_table(table))
    }
    expect(reader, ",")
  }
}

# Tables within an inline table are closed, too.
close_table <- function(table) {
  table$kind <- "inline"
  for (value in table$values) {
    if (is.environment(value)) {
      close_table(value)
    }
  }
  table
}

DATE <- "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
TIME <- "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?"

read_scalar <- function(reader) {
  text <- read_bare(reader, "[A-Za-z0-9_.:+-]")
  is_date <- grepl(paste0(DATE, "$"), text)
  if (is_date && peek(reader) == " " && grepl("[0-9]", peek(reader, 1L))) {
    advance(reader)
    text <- paste(text, read_bare(reader, "[0-9Zz.:+-]"))
  }
  if (text %in% c("true", "false")) {
    return(text == "true")
  }
  if (grepl("^[+-]?(inf|nan)$", text)) {
    return(c(inf = Inf, nan = NaN, `-inf` = -Inf)[[sub("^(\\+|-(?=nan))", "", text, perl = TRUE)]])
  }
  decimal <- "(0|[1-9](_?[0-9])*)"
  plain <- gsub("_", "", text, fixed = TRUE)
  if (grepl(paste0("^[+-]?", decimal, "$"), text)) {
    number <- as.numeric(plain)
    if (abs(number) > 2^53 || (abs(number) == 2^53 && !grepl("9007199254740992$", plain))) {
      return(structure(sub("^\\+", "", plain), class = "pb_integer"))
    }
    return(number)
  }
  bases <- c("0x" = 16, "0o" = 8, "0b" = 2)
  digits <- c("0x" = "[0-9A-Fa-f]", "0o" = "[0-7]", "0b" = "[01]")
  for (base in names(bases)) {
    if (grepl(paste0("^", base, digits[base], "(_?", digits[base], ")*$"), text)) {
      each <- strtoi(strsplit(substring(plain, 3L), "", fixed = TRUE)[[1L]], 16L)
      number <- sum(each * bases[base]^rev(seq_along(each) - 1L))
      if (number > 2^53) {
        refuse(reader, "the number ", text, " is too large for this base; write it in decimal")
      }
      return(number)
    }
  }
  exponent <- "([eE][+-]?[0-9](_?[0-9])*)"
  fraction <- "(\\.[0-9](_?[0-9])*)"
  if (grepl(paste0("^[+-]?", decimal, "(", fraction, exponent, "?|", exponent, ")$"), text)) {
    return(as.numeric(plain))
  }
  zone <- "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
  if (grepl(paste0(DATE, "([Tt ]", TIME, zone, ")?$"), text) || grepl(paste0("^", TIME, "$"), text)) {
    return(structure(text, class = "toml_date"))
  }
  refuse(reader, "`", text, "` is no value")
}
