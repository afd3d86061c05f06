# Tables as data frames.

#' Read a table of results
#'
#' Reads a table as a data frame, with the types, categories and meanings that the manifest
#' and the codebook of the results describe.
#'
#' @details
#' * Categorical columns are factors with all categories of the codebook, in its order, such as
#'   `role` with the levels `a`, `b` and perhaps `couple`. `condition` and `group` are factors
#'   in the order of the table: the first condition is the reference.
#' * Integers are of type integer, or double where one is above 2^31. Where one is above 2^53,
#'   the column is text, as doubles would round it.
#' * With `labels`, every column has the attributes `label` (its meaning) and, where it has
#'   one, `unit`. RStudio and the packages labelled and gtsummary show labels.
#' * Missing values are `NA`.
#'
#' The table must be as it was written: columns and number of rows are compared with the
#' manifest. [pb_verify()] compares every byte.
#'
#' @param results Results, or the path of their folder.
#' @param table Name of a table (see [pb_tables()]). Without it, all tables are read.
#' @param columns Names of the columns to read; by default all.
#' @param labels Whether columns have their meaning and unit as attributes.
#' @return A data frame, or without `table` a named list of them.
#' @examples
#' if (pb_available()) {
#'   run <- pb_run(pb_scenario(title = "Short", run = list(couples = 50, days = 30)))
#'   couples <- pb_read(run, "couples", columns = c("couple_id", "style_a", "time", "status"))
#'   table(couples$style_a)
#'   attr(couples$time, "label")
#' }
#' @export
pb_read <- function(results, table = NULL, columns = NULL, labels = TRUE) {
  results <- as_results(results)
  one_flag(labels, "labels")
  names <- vapply(results$manifest$tables, function(table) table$name, "")
  if (is.null(table)) {
    return(sapply(names, function(name) read_table(results, name, NULL, labels), simplify = FALSE))
  }
  if (!one_text(table, "table") %in% names) {
    bad_argument("these results have no table `", table, "`", did_you_mean(table, names))
  }
  read_table(results, table, columns, labels)
}

read_table <- function(results, name, columns, labels) {
  tables <- results$manifest$tables
  described <- tables[[match(name, vapply(tables, function(table) table$name, ""))]]
  known <- vapply(described$columns, function(column) column$name, "")
  kinds <- vapply(described$columns, function(column) column$kind, "")
  if (is.null(columns)) {
    columns <- known
  }
  for (column in setdiff(columns, known)) {
    bad_argument("the table `", name, "` has no column `", column, "`", did_you_mean(column, known))
  }
  file <- file.path(results$folder, paste0(name, ".csv"))
  if (!file.exists(file)) {
    refuse_missing_file(results, name, file)
  }
  files <- vapply(results$manifest$files, function(file) file$name, "")
  rows <- results$manifest$files[[match(basename(file), files)]]$rows
  header <- names(utils::read.csv(file, nrows = 1L, check.names = FALSE, colClasses = "character", encoding = "UTF-8"))
  if (!identical(header, known)) {
    pb_abort("unreadable", paste0(file, " is not as it was written: its columns are not those of the manifest"))
  }
  # Integers are read as doubles, which hold all up to 2^53.
  classes <- c(float = "numeric", integer = "numeric", categorical = "character", string = "character")[kinds]
  classes <- unname(classes)
  if (anyNA(classes)) {
    pb_abort("unreadable", paste0(file, " has a column of the unknown kind `", kinds[is.na(classes)][1L], "`"))
  }
  classes[!known %in% columns] <- "NULL"
  frame <- read_csv(file, classes, rows)
  rounded <- vapply(frame, function(column) is.numeric(column) && any(abs(column) >= 2^53, na.rm = TRUE), NA)
  rounded <- names(frame)[rounded & kinds[match(names(frame), known)] == "integer"]
  if (length(rounded) > 0L) {
    as_text <- read_csv(file, ifelse(known %in% rounded, "character", "NULL"), rows)
    frame[rounded] <- as_text[rounded]
  }
  codebook <- if (name != "codebook") read_table(results, "codebook", NULL, FALSE)
  for (column in names(frame)) {
    at <- match(column, known)
    entry <- codebook[codebook$table == name & codebook$column == column, ]
    values <- typed(frame[[column]], kinds[at], entry$categories, column)
    if (labels && is_given(entry$meaning)) {
      attr(values, "label") <- entry$meaning
      if (is_given(entry$unit)) {
        attr(values, "unit") <- entry$unit
      }
    }
    frame[[column]] <- values
  }
  frame[columns]
}

is_given <- function(text) length(text) == 1L && !is.na(text) && nzchar(text)

typed <- function(values, kind, categories, column) {
  if (kind == "integer" && is.numeric(values)) {
    if (all(abs(values) <= .Machine$integer.max, na.rm = TRUE)) as.integer(values) else values
  } else if (kind == "categorical") {
    known <- strsplit(if (is_given(categories)) categories else "", "|", fixed = TRUE)[[1L]]
    factor(values, levels = unique(c(known, values[!is.na(values)])))
  } else if (column %in% c("condition", "group")) {
    factor(values, levels = unique(values[!is.na(values)]))
  } else {
    values
  }
}

read_csv <- function(file, classes, rows) {
  frame <- tryCatch(
    utils::read.csv(
      file,
      colClasses = classes, check.names = FALSE, na.strings = "NA", comment.char = "", encoding = "UTF-8",
      nrows = if (is.null(rows)) -1L else rows + 1
    ),
    error = function(e) pb_abort("unreadable", paste0(file, " is not as it was written: ", conditionMessage(e)))
  )
  if (!is.null(rows) && nrow(frame) != rows) {
    pb_abort("unreadable", paste0(
      file, " is not as it was written: it does not have the ", format(rows, big.mark = ","), " rows of the manifest"
    ))
  }
  frame
}

refuse_missing_file <- function(results, name, file) {
  parquet <- file.path(results$folder, paste0(name, ".parquet"))
  if (file.exists(parquet)) {
    pb_abort("unreadable", paste0(
      "the tables of ", results$folder, " are Parquet, and this package reads CSV. nanoparquet::read_parquet(\"", parquet,
      "\") or arrow::read_parquet() reads it; pb_run() writes CSV."
    ))
  }
  pb_abort("unreadable", paste0("the file ", file, " is missing, which the manifest lists"))
}

#' Check that results are what this version gives
#'
#' Compares every file of results with its hash, runs the scenario again and compares all bytes.
#'
#' @param results Results, or the path of their folder.
#' @param threads Number of threads; by default all cores.
#' @param progress Whether to show progress.
#' @return `TRUE` if all files are the same. `FALSE` if not, with a warning that says what
#'   differs.
#' @examples
#' if (pb_available()) {
#'   pb_verify(pb_run(pb_scenario(title = "Short", run = list(couples = 50, days = 30))))
#' }
#' @export
pb_verify <- function(results, threads = NULL, progress = default_progress()) {
  results <- as_results(results)
  args <- c("verify", thread_argument(threads), file_arguments(results$folder))
  done <- call_program(args, progress = progress, allowed = c(0L, 1L))
  if (done$status != 0L) {
    pb_warn(paste(c(done$stdout, done$stderr), collapse = "\n"), diagnostics = diagnostics_of(done$messages))
  }
  done$status == 0L
}
