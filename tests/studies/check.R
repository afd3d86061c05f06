# Reads the layouts of a study as R does without options, and makes their views again.
# Rscript tests/studies/check.R FOLDER

folder <- commandArgs(trailingOnly = TRUE)[1]
table <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
has <- function(name) file.exists(file.path(folder, paste0(name, ".csv")))

# Every column has the kind and the range that the codebook states.
codebook <- table("codebook")
for (name in unique(codebook$table)) {
  rows <- table(name)
  lines <- codebook[codebook$table == name, ]
  stopifnot(nrow(rows) > 0, identical(names(rows), lines$column))
  for (i in seq_len(nrow(lines))) {
    values <- rows[[lines$column[i]]]
    kept <- values[!is.na(values)]
    if (lines$kind[i] == "categorical") {
      stopifnot(kept %in% strsplit(lines$categories[i], "|", fixed = TRUE)[[1]])
    } else {
      stopifnot(is.numeric(values) || length(kept) == 0)
    }
    stopifnot(is.na(lines$low[i]) || all(kept >= lines$low[i] - 1e-9))
    stopifnot(is.na(lines$high[i]) || all(kept <= lines$high[i] + 1e-9))
  }
}

same <- function(x, y) isTRUE(all.equal(as.numeric(x), as.numeric(y), tolerance = 1e-9))
mean_of <- function(x, by) ave(x, by, FUN = function(v) if (all(is.na(v))) NA else mean(v, na.rm = TRUE))
scales <- function(kind) {
  asked <- table("scales")
  unique(asked$scale[asked$kind == kind])
}
for (kind in c("waves", "prompts")) {
  if (!has(paste0(kind, "_long"))) next
  long <- table(paste0(kind, "_long"))
  time <- if (kind == "waves") long$wave else paste(long$burst, long$occasion)
  before <- if (kind == "waves") {
    long$wave - 1
  } else if (max(long$prompt) > 1) {
    # Not over a night.
    ifelse(long$prompt == 1, "none", paste(long$burst, long$occasion - 1))
  } else {
    paste(long$burst, long$occasion - 1)
  }
  for (scale in scales(kind)) {
    own <- long[[scale]]
    lag <- own[match(paste(long$person_id, before), paste(long$person_id, time))]
    centre <- mean_of(own, long$person_id)
    stopifnot(
      same(long[[paste0(scale, "_cm")]], centre), same(long[[paste0(scale, "_cwc")]], own - centre),
      same(long[[paste0(scale, "_lag1")]], lag), same(long[[paste0(scale, "_cwc_lag1")]], lag - centre)
    )
    stopifnot(all(is.na(own[long$answered == 0])))
    if (has(paste0(kind, "_pairwise"))) {
      pairs <- table(paste0(kind, "_pairwise"))
      stopifnot(identical(pairs$person_id, long$person_id))
      partner <- own[match(paste(long$partner_id, time), paste(long$person_id, time))]
      stopifnot(same(pairs[[paste0(scale, "_a")]], own), same(pairs[[paste0(scale, "_p")]], partner))
    }
  }
  # Answers are of what was true: without errors they would be it.
  truth <- subset(table("truth"), kind == get("kind", envir = globalenv()))
  cat(sprintf("%s: %d rows, %.0f%% answered\n", kind, nrow(long), 100 * mean(long$answered)))
  stopifnot(sum(truth$outcome == "answered") == sum(long$answered))
}

people <- table("participants")
stopifnot(people$status == as.numeric(!is.na(people$separated)), people$time >= 0)
stopifnot(nrow(people) == sum(table("recruitment")$recruited))
