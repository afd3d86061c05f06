# Folders of results: what is in them, their charts and reports.

#' Results of the program
#'
#' `pb_run()`, `pb_sweep()`, `pb_claims()`, `pb_study()`, `pb_power()`, `pb_recover()` and `pb_compare()` return results, and `pb_open()`
#' opens a folder that is there already, also one that the command line wrote. Results
#' are a folder, not data: [pb_read()] reads a table when it is asked for.
#'
#' @details
#' A folder of another version of pairbond can be read, with a warning: its tables are
#' described in the folder itself.
#'
#' @param folder A folder of results.
#' @param results Results, or the path of their folder.
#' @return `pb_open()`: an object of class `pairbond_results`, a list with `folder`,
#'   `kind` (`run`, `sweep`, ...), `version` (of the program that made it), `seed` (a
#'   text, since seeds may be above 2^53), `summary` (what the program printed; not of a
#'   folder that was opened) and `manifest`. `pb_tables()`: a data frame with a row for
#'   each table. `pb_codebook()`: a data frame with a row for each column of each table.
#'   `pb_charts()`: paths of the charts.
#' @examples
#' if (pb_available()) {
#'   run <- pb_run(pb_scenario(title = "Short", run = list(couples = 50, days = 30)))
#'   run
#'   pb_tables(run)
#'   subset(pb_codebook(run), table == "survival")
#' }
#' @export
pb_open <- function(folder) {
  if (inherits(folder, "pairbond_results")) {
    return(check_folder(folder))
  }
  path <- system_path(one_text(folder, "folder"))
  manifest <- read_manifest(path)
  if (series(manifest$version) != series(own_version())) {
    pb_warn(paste0(
      folder, " was made by version ", manifest$version, " of pairbond; this package is made for ",
      series(own_version()), ".x. Its columns may have other names and meanings: see pb_codebook()."
    ), version = manifest$version)
  }
  results_of(path, manifest)
}

results_of <- function(path, manifest, summary = NULL) {
  structure(list(
    folder = normalizePath(path), kind = manifest$kind, version = manifest$version,
    seed = manifest$seed, summary = summary, manifest = manifest
  ), class = "pairbond_results")
}

check_folder <- function(results) {
  if (!dir.exists(results$folder)) {
    pb_abort("unreadable", paste0(
      "the folder ", results$folder, " is not there any more",
      if (!is.null(results$temporary)) "; give `out` to keep results longer than a session" else ""
    ))
  }
  results
}

read_manifest <- function(path) {
  file <- file.path(path, "manifest.json")
  if (!file.exists(file)) {
    pb_abort("unreadable", paste0(path, no_manifest(path)))
  }
  manifest <- tryCatch(
    jsonlite::fromJSON(read_utf8(file), simplifyVector = FALSE, bigint_as_char = TRUE),
    error = function(e) pb_abort("unreadable", paste0(file, " cannot be read: ", conditionMessage(e)))
  )
  is_ours <- is.list(manifest) && identical(manifest$program, "pairbond") && is.character(manifest$version) &&
    is.character(manifest$kind) && is.list(manifest$tables) && is.list(manifest$files)
  if (!is_ours) {
    pb_abort("unreadable", paste0(file, " is no manifest of pairbond"))
  }
  if (!identical(as.integer(manifest$format), 1L)) {
    pb_abort("unreadable", paste0(
      file, " has format ", format(manifest$format), ", which this package does not know (it knows 1). ",
      "Version ", manifest$version, " of pairbond made it: use the package of that version."
    ))
  }
  # Doubles have no more than 15 sure digits as text.
  if (is.numeric(manifest$seed)) {
    manifest$seed <- sprintf("%.0f", manifest$seed)
  }
  manifest
}

no_manifest <- function(path) {
  if (!dir.exists(path)) {
    if (dir.exists(paste0(path, ".unfinished"))) {
      return(" is not finished: run the same call with resume = TRUE")
    }
    near <- list.dirs(dirname(path), full.names = FALSE, recursive = FALSE)
    return(paste0(": no such folder", did_you_mean(basename(path), near[!startsWith(near, ".")])))
  }
  inner <- list.dirs(path, recursive = FALSE)
  inner <- inner[file.exists(file.path(inner, "manifest.json"))]
  if (length(inner) == 0L) {
    return(": no folder of results, since it has no manifest.json")
  }
  paste0(": no folder of results; it holds ", paste(utils::head(basename(inner), 5L), collapse = ", "))
}

as_results <- function(x) {
  if (inherits(x, "pairbond_results")) check_folder(x) else pb_open(x)
}

#' @rdname pb_open
#' @export
pb_tables <- function(results) {
  results <- as_results(results)
  tables <- results$manifest$tables
  rows <- vapply(results$manifest$files, function(file) if (is.null(file$rows)) NA_real_ else as.numeric(file$rows), 0)
  names(rows) <- sub("\\.(csv|parquet)$", "", vapply(results$manifest$files, function(file) file$name, ""))
  names <- vapply(tables, function(table) table$name, "")
  data.frame(
    table = names,
    row = vapply(tables, function(table) table$row, ""),
    rows = unname(rows[names]),
    columns = vapply(tables, function(table) length(table$columns), 0L)
  )
}

#' @rdname pb_open
#' @export
pb_codebook <- function(results) {
  pb_read(results, "codebook", labels = FALSE)
}

#' @rdname pb_open
#' @export
pb_charts <- function(results) {
  results <- as_results(results)
  list.files(results$folder, "\\.(svg|png|pdf)$", full.names = TRUE)
}

#' @export
print.pairbond_results <- function(x, ...) {
  cat("pairbond ", x$kind, ", version ", x$version, ", seed ", x$seed, "\n", sep = "")
  if (!is.null(x$summary)) {
    writeLines(x$summary)
  }
  cat("Folder: ", x$folder, if (!is.null(x$temporary)) " (temporary)", "\n", sep = "")
  if (!dir.exists(x$folder)) {
    cat("The folder is not there any more.\n")
    return(invisible(x))
  }
  tables <- pb_tables(x)
  cat("Tables: ", paste0(tables$table, " (", format(tables$rows, big.mark = ",", trim = TRUE), ")", collapse = ", "), "\n", sep = "")
  charts <- unique(tools_stem(pb_charts(x)))
  if (length(charts) > 0L) {
    cat("Charts: ", paste(charts, collapse = ", "), "\n", sep = "")
  }
  cat("pb_read(x, \"", tables$table[1L + (tables$table[1L] == "codebook")], "\") reads a table, pb_plot(x) ",
    "draws charts, pb_report(x) opens the report.\n",
    sep = ""
  )
  invisible(x)
}

tools_stem <- function(paths) sub("\\.[^.]*$", "", basename(paths))

#' @export
summary.pairbond_results <- function(object, ...) pb_tables(object)

#' Charts and report of results
#'
#' `pb_plot()` lets the program draw the charts of results from their tables, without
#' running them again, and opens one of them. `pb_report()` opens `report.html`, one page with
#' findings, charts, methods and limits; where the results have none, it is written first.
#'
#' @param results Results, or the path of their folder.
#' @param chart Name of a chart, such as `"trajectories"`; see the names of what is
#'   returned.
#' @param observables,measures,days Which observables of a run, measures of a sweep, and
#'   days (first and last) are drawn.
#' @param width `"column"` or `"page"` of a journal; by default each chart has its own width.
#' @param format `"svg"` or `"png"`.
#' @param title Whether the title and the number of couples stand over each chart.
#' @param out Folder of the charts, or file of the report. By default a temporary one, or the
#'   report of the results.
#' @param force Whether what is there is replaced.
#' @param open Whether the chart or report is opened in the browser.
#' @return `pb_plot()`: paths of the charts, named by chart, or that of `chart`. `pb_report()`:
#'   the path of the report. Both invisibly.
#' @examples
#' if (pb_available()) {
#'   run <- pb_run(pb_scenario(title = "Short", run = list(couples = 50, days = 30)))
#'   pb_plot(run, "trajectories", observables = c("trust", "intimacy"), open = FALSE)
#'   pb_report(run, open = FALSE)
#' }
#' @export
pb_plot <- function(results, chart = NULL, observables = NULL, measures = NULL, days = NULL, width = NULL,
                    format = c("svg", "png"), title = TRUE, out = NULL, force = FALSE, open = interactive()) {
  results <- as_results(results)
  format <- match.arg(format)
  if (!is.null(days) && (!is.numeric(days) || length(days) != 2L || anyNA(days))) {
    bad_argument("`days` must be the first and the last day, such as c(0, 90)")
  }
  folder <- if (is.null(out)) tempfile("charts-", tempdir(check = TRUE)) else system_path(one_text(out, "out"))
  list_of <- function(name, values) if (!is.null(values)) paste0("--", name, "=", paste(values, collapse = ","))
  args <- c(
    "plot", "--quiet", paste0("--format=", format), paste0("--out=", folder),
    list_of("observables", observables), list_of("measures", measures),
    if (!is.null(days)) paste0("--days=", toml_number(days[1L]), ":", toml_number(days[2L])),
    list_of("width", width), if (!one_flag(title, "title")) "--no-title", if (one_flag(force, "force")) "--force",
    file_arguments(results$folder)
  )
  warn_of(call_program(args)$messages)
  paths <- list.files(folder, paste0("\\.", format, "$"), full.names = TRUE)
  names(paths) <- tools_stem(paths)
  if (!is.null(chart)) {
    if (!one_text(chart, "chart") %in% names(paths)) {
      bad_argument("there is no chart `", chart, "`", did_you_mean(chart, names(paths)))
    }
    paths <- paths[[chart]]
  }
  if (one_flag(open, "open") && length(paths) > 0L) {
    first <- intersect(c("trajectories", "claims", names(paths)), names(paths))
    utils::browseURL(if (is.null(chart)) paths[[first[1L]]] else paths)
  }
  invisible(paths)
}

#' @rdname pb_plot
#' @export
pb_report <- function(results, out = NULL, force = FALSE, open = interactive()) {
  results <- as_results(results)
  file <- file.path(results$folder, "report.html")
  if (!is.null(out) || !file.exists(file)) {
    file <- if (is.null(out)) tempfile("report-", tempdir(check = TRUE), ".html") else system_path(one_text(out, "out"))
    args <- c(
      "report", "--quiet", paste0("--out=", file), if (one_flag(force, "force")) "--force",
      file_arguments(results$folder)
    )
    warn_of(call_program(args)$messages)
  }
  if (one_flag(open, "open")) {
    utils::browseURL(file)
  }
  invisible(file)
}

#' Add what repositories ask for
#'
#' Copies results to a folder with RO-Crate metadata, a Psych-DS description with the tables in `data`, and the
#' preregistration of the scenario, as `pairbond report --bundle` does.
#'
#' @param results Results, or the path of their folder.
#' @param out The new folder.
#' @param force Whether older results of the same kind in `out` are replaced.
#' @return The results in the new folder (see [pb_open()]).
#' @examples
#' if (pb_available()) {
#'   run <- pb_run(pb_scenario(title = "Short", run = list(couples = 50, days = 30)))
#'   shared <- pb_bundle(run, tempfile("bundle"))
#'   list.files(shared$folder, "^(ro-crate|dataset|prereg)")
#' }
#' @export
pb_bundle <- function(results, out, force = FALSE) {
  results <- as_results(results)
  folder <- absolute(one_text(out, "out"))
  args <- c(
    "report", "--quiet", "--bundle", paste0("--out=", folder), if (one_flag(force, "force")) "--force",
    file_arguments(results$folder)
  )
  warn_of(call_program(args)$messages)
  pb_open(folder)
}
