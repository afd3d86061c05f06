# Tables rearranged for models of dyadic data.

#' Layouts for models of dyadic data
#'
#' Three layouts of the same values: a row for each couple, for each person, or for each person with the partner's
#' values.
#'
#' @details
#' | layout | a row is | columns | for |
#' | --- | --- | --- | --- |
#' | `pb_layout_wide()` | a couple, or its day or wave | `trust_a`, `trust_b`, with times `trust_a_w1` | lavaan, dySEM |
#' | `pb_layout_long()` | a person, or its day or wave | `trust`, and the dummies `a` and `b` of the role | nlme, lme4, glmmTMB, dyadMLM |
#' | `pb_layout_pairs()` | the same | `trust_a` of the person (actor), `trust_p` of the partner | mlVAR, and models with partner effects |
#'
#' Beware of `_a`: in tables with a row for each couple it is partner A, and in pairs it is the actor, the person of the
#' row. This is how the tables of the program are named: `couples` and `waves_wide` are wide, `diary_pairwise` has
#' pairs.
#'
#' All take results and the name of a table, or a data frame with the same columns (of [pb_read()], perhaps filtered).
#' Tables of persons (`days`, `diary`, `waves`) can take all layouts; `couples` is wide, and its columns of both partners
#' can be made long or pairs. Columns that say which row it is (`condition`, `point`, `replicate`, `couple`, `couple_id`,
#' `person_id`, `partner_id`, `role`, `day`, `wave`) are kept. The same couple has the same `couple_id` under all
#' conditions: filter one condition, or let the model know.
#'
#' `pb_layout_pairs()` adds for each variable, where there are days or waves and `center` is `TRUE`: `_cm`, the person's
#' mean over the rows of the table, and `_cwc`, the deviation from it; with `lag`, `_lag1`, the value of the previous day
#' or wave, missing where there is none. These are the columns of `diary_pairwise`, for any table and variable.
#'
#' @param results Results, the path of their folder, or a data frame.
#' @param variables Names of the variables; for tables of couples without `_a` and `_b`. By default all.
#' @param table Name of the table, if `results` is no data frame.
#' @param by Whether a row is a `"couple"`, with the day or wave in the names of columns, or a couple's day or
#'   wave: `"time"`.
#' @param center Whether means and deviations of persons are added.
#' @param lag Whether values of the previous day or wave are added.
#' @return A data frame. Rows are sorted by couple, person and time.
#' @examples
#' if (pb_available()) {
#'   study <- pb_run(pb_scenario(
#'     title = "Study", run = list(couples = 40, days = 30), measurement = list(waves = c(10, 30))
#'   ))
#'   head(pb_layout_wide(study, c("trust", "satisfaction"), table = "waves"), 3)
#'   head(pb_layout_long(study, "daily_satisfaction", table = "diary"), 3)
#'   head(pb_layout_pairs(study, "daily_conflict", table = "diary", lag = TRUE), 3)
#' }
#' @name pb_layout
NULL

KEYS <- c(
  "condition", "point", "replicate", "couple", "couple_id", "person_id", "partner_id", "role", "day", "wave"
)

# What makes a couple another one.
COUPLE_KEYS <- c("condition", "point", "couple_id")

dyad_frame <- function(results, table) {
  if (is.data.frame(results)) {
    if (!"couple_id" %in% names(results)) {
      bad_argument("the data frame has no column `couple_id`")
    }
    return(as.data.frame(results))
  }
  results <- as_results(results)
  if (is.null(table)) {
    names <- pb_tables(results)$table
    fit <- intersect(c("couples", "days", "diary", "waves", "sample_couples"), names)
    bad_argument("name a `table`: ", paste0("\"", fit, "\"", collapse = ", "))
  }
  frame <- pb_read(results, table)
  if (!"couple_id" %in% names(frame)) {
    bad_argument("rows of the table `", table, "` are not of couples or persons")
  }
  frame
}

is_of_persons <- function(frame) all(c("person_id", "role") %in% names(frame))

# The column of time: waves have a day, too.
time_of <- function(frame) intersect(c("wave", "day"), names(frame))[1L]

chosen <- function(variables, known) {
  if (is.null(variables)) {
    return(known)
  }
  for (variable in setdiff(variables, known)) {
    bad_argument("there is no variable `", variable, "`", did_you_mean(variable, known))
  }
  variables
}

# Rows of persons from rows of couples: columns with `_a` and `_b` become one.
persons_of_couples <- function(frame, variables) {
  stems <- sub("_a$", "", grep("_a$", names(frame), value = TRUE))
  stems <- chosen(variables, stems[paste0(stems, "_b") %in% names(frame)])
  if (length(stems) == 0L) {
    bad_argument("no column has values of both partners (`_a` and `_b`); waves_wide is long as the table `waves`")
  }
  one <- function(role) {
    own <- frame[intersect(KEYS, names(frame))]
    own$person_id <- 2L * frame$couple_id - (role == "a")
    own$partner_id <- 2L * frame$couple_id - (role == "b")
    own$role <- factor(role, levels = c("a", "b"))
    own[stems] <- frame[paste0(stems, "_", role)]
    own
  }
  rbind(one("a"), one("b"))
}

persons <- function(results, table, variables) {
  frame <- dyad_frame(results, table)
  if (!is_of_persons(frame)) {
    frame <- persons_of_couples(frame, variables)
  }
  keys <- intersect(KEYS, names(frame))
  variables <- chosen(variables, setdiff(names(frame), KEYS))
  time <- time_of(frame)
  order <- do.call(order, unname(frame[c(intersect(c(COUPLE_KEYS, "person_id"), names(frame)), if (!is.na(time)) time)]))
  frame <- frame[order, c(keys, variables), drop = FALSE]
  rownames(frame) <- NULL
  list(frame = frame, keys = keys, variables = variables, time = time)
}

# Rows that agree in these columns have the same text.
row_key <- function(frame, columns) do.call(paste, c(unname(as.list(frame[columns])), sep = "\r"))

check_once <- function(key) {
  if (anyDuplicated(key)) {
    bad_argument("a person has two rows at the same time; filter the data frame to one")
  }
}

#' @rdname pb_layout
#' @export
pb_layout_long <- function(results, variables = NULL, table = NULL) {
  it <- persons(results, table, variables)
  frame <- it$frame
  dummies <- data.frame(a = as.numeric(frame$role == "a"), b = as.numeric(frame$role == "b"))
  cbind(frame[it$keys], dummies, frame[it$variables])
}

#' @rdname pb_layout
#' @export
pb_layout_wide <- function(results, variables = NULL, table = NULL, by = c("couple", "time")) {
  by <- match.arg(by)
  frame <- dyad_frame(results, table)
  if (!is_of_persons(frame)) {
    known <- names(frame)
    stems <- sub("_a$", "", grep("_a$", known, value = TRUE))
    stems <- chosen(variables, stems[paste0(stems, "_b") %in% known])
    columns <- as.vector(rbind(paste0(stems, "_a"), paste0(stems, "_b")))
    wanted <- if (is.null(variables)) known else c(intersect(KEYS, known), columns)
    return(frame[wanted])
  }
  it <- persons(frame, NULL, variables)
  frame <- it$frame
  in_names <- by == "couple" && !is.na(it$time)
  of_row <- intersect(c(COUPLE_KEYS, if (!in_names) it$time), it$keys)
  key <- row_key(frame, of_row)
  first <- !duplicated(key)
  kept <- setdiff(it$keys, c("person_id", "partner_id", "role", if (in_names) c("wave", "day")))
  wide <- frame[first, kept, drop = FALSE]
  rownames(wide) <- NULL
  times <- if (in_names) sort(unique(frame[[it$time]])) else NA
  suffix <- if (in_names) paste0("_", substr(it$time, 1L, 1L), times) else ""
  for (i in seq_along(times)) {
    for (role in c("a", "b")) {
      own <- which(frame$role == role & (if (in_names) frame[[it$time]] == times[i] else TRUE))
      check_once(key[own])
      from <- own[match(key[first], key[own])]
      for (variable in it$variables) {
        wide[[paste0(variable, "_", role, suffix[i])]] <- frame[[variable]][from]
      }
    }
  }
  wide
}

#' @rdname pb_layout
#' @export
pb_layout_pairs <- function(results, variables = NULL, table = NULL, center = TRUE, lag = FALSE) {
  it <- persons(results, table, variables)
  frame <- it$frame
  if (!"partner_id" %in% names(frame)) {
    bad_argument("the data frame has no column `partner_id`")
  }
  has_time <- !is.na(it$time)
  couple <- intersect(COUPLE_KEYS, names(frame))
  group <- row_key(frame, couple)
  at <- function(person, shift = 0) paste(group, person, if (has_time) frame[[it$time]] - shift, sep = "\r")
  own <- at(frame$person_id)
  check_once(own)
  partner <- match(at(frame$partner_id), own)
  before <- if (has_time) match(at(frame$person_id, 1), own)
  partner_before <- if (has_time) match(at(frame$partner_id, 1), own)
  person <- match(paste(group, frame$person_id), paste(group, frame$person_id))
  partner_person <- match(paste(group, frame$partner_id), paste(group, frame$person_id))
  pairs <- frame[it$keys]
  for (variable in it$variables) {
    values <- frame[[variable]]
    pairs[[paste0(variable, "_a")]] <- values
    pairs[[paste0(variable, "_p")]] <- values[partner]
    if (!is.numeric(values) || !has_time) {
      next
    }
    if (one_flag(center, "center")) {
      values <- as.vector(values)
      means <- stats::ave(values, person, FUN = function(v) mean(v, na.rm = TRUE))
      means[is.nan(means)] <- NA
      pairs[[paste0(variable, "_a_cm")]] <- means
      pairs[[paste0(variable, "_p_cm")]] <- means[partner_person]
      pairs[[paste0(variable, "_a_cwc")]] <- values - means
      pairs[[paste0(variable, "_p_cwc")]] <- values[partner] - means[partner_person]
    }
    if (one_flag(lag, "lag")) {
      pairs[[paste0(variable, "_a_lag1")]] <- values[before]
      pairs[[paste0(variable, "_p_lag1")]] <- values[partner_before]
    }
  }
  pairs
}
