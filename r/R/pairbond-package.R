#' Simulate close relationships with the program pairbond
#'
#' `pb_run()` simulates the couples of a scenario, `pb_read()` reads a table of
#' the results as a data frame, and the functions `pb_layout_*()` rearrange it for
#' models of dyadic data. The package has no compiled code: it starts the program
#' `pairbond`, which must be installed (see [pb_program()]).
#'
#' @section Options:
#' * `pairbond.program`: the program's path (see [pb_program()]).
#' * `pairbond.any_version`: `TRUE` lets a program of another version run.
#' * `pairbond.progress`: whether calls show progress; by default in interactive
#'   sessions.
#'
#' @section Conditions:
#' Every error has the class `pairbond_error` and one of these:
#' `pairbond_missing_program`, `pairbond_other_version`, `pairbond_refused` (the
#' program refused a scenario, an argument or a folder: exit code 2),
#' `pairbond_failed` (work failed: exit code 1), `pairbond_interrupted`,
#' `pairbond_killed`, `pairbond_unreadable` (results or a scenario that R cannot
#' read) and `pairbond_argument` (an argument of the R function). Errors of the
#' program have the fields `status`, `stderr`, `command`, and `diagnostics`, a data
#' frame as [pb_check()] returns it. The program's warnings are R warnings of the
#' class `pairbond_warning` with the same data frame.
#'
#' @examples
#' # What a script does with an error of a scenario:
#' if (pb_available()) {
#'   tryCatch(
#'     pb_run(pb_scenario(title = "Too many days", run = list(days = 1e6))),
#'     pairbond_refused = function(e) e$diagnostics[c("code", "line", "message")]
#'   )
#' }
#' @keywords internal
"_PACKAGE"
