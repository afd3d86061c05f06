# Makes the numbers that Cox regressions of break-ups are held against, with R's survival.
#
# In the folder of the project:
#   Rscript --vanilla tests/oracles/break_ups.R          says whether the kept numbers are R's
#   Rscript --vanilla tests/oracles/break_ups.R renew    writes them anew
#
# The 200 data sets are made by arithmetic that src/stats/cox_oracle.rs repeats: random numbers of Park & Miller (1988), of
# which twelve make one that is nearly normal. Data sets whose coefficients are infinite are kept as such.

suppressPackageStartupMessages(library(survival))
kept <- file.path("tests/oracles", "break_ups_expected.csv")
what <- c(commandArgs(trailingOnly = TRUE), "check")[1]
stopifnot(what %in% c("check", "renew"))
sets <- 200

state <- 1
uniform <- function() {
  state <<- (16807 * state) %% 2147483647
  state / 2147483647
}
normal <- function() {
  sum <- 0
  for (k in 1:12) sum <- sum + uniform()
  sum - 6
}
pair <- function(r) {
  first <- normal()
  second <- normal()
  c(first, r * first + sqrt(1 - r * r) * second)
}

# A data set by its number: few and many couples, ties and break-ups.
make_data <- function(k) {
  state <<- 3000 + 7919 * k
  for (warm in 1:20) uniform()
  couples <- 8 + (13 * k) %% 93
  scale <- c(400, 40, 5)[1 + k %% 3]
  followed <- c(3, 1, 0.3, 0.1)[1 + k %% 4]
  rows <- matrix(0, couples, 4)
  for (couple in seq_len(couples)) {
    score <- pair(0.4)
    rate <- exp(0.5 * score[1] - 0.3 * score[2])
    end <- -scale * log(uniform()) / rate
    seen <- followed * scale * uniform()
    rows[couple, ] <- c(max(1, ceiling(min(end, seen))), end <= seen, score)
  }
  data <- as.data.frame(rows)
  names(data) <- c("time", "status", "x", "z")
  data$mean <- (data$x + data$z) / 2
  data
}

fit <- function(k) {
  data <- make_data(k)
  if (sum(data$status) == 0) {
    return(NULL)
  }
  terms <- if (k %% 4 == 0) "mean" else c("x", "z")
  model <- coxph(reformulate(terms, "Surv(time, status)"), data, ties = "efron", eps = 1e-11, iter.max = 60)
  found <- summary(model)$coefficients
  c(nrow(data), sum(data$status), model$loglik, rbind(found[, "coef"], found[, "se(coef)"]))
}

lines <- vapply(seq_len(sets), function(k) {
  # A warning says that a coefficient is infinite.
  values <- tryCatch(fit(k), warning = function(w) NULL, error = function(e) NULL)
  if (is.null(values)) {
    return(paste0(k, ",failed"))
  }
  paste(c(k, format(values, digits = 12, trim = TRUE, scientific = FALSE, drop0trailing = TRUE)), collapse = ",")
}, "")
failed <- sum(grepl("failed", lines))
cat(sprintf("survival fitted %d of %d data sets\n", sets - failed, sets))
if (what == "renew") {
  writeLines(lines, kept)
} else {
  old <- strsplit(readLines(kept), ",")
  new <- strsplit(lines, ",")
  same <- mapply(function(a, b) {
    length(a) == length(b) && (identical(a, b) || !("failed" %in% c(a, b)) &&
      all(abs(as.numeric(a) - as.numeric(b)) <= 1e-6 * (1e-2 + abs(as.numeric(b)))))
  }, old, new)
  if (!all(same)) {
    cat("other numbers than the kept ones in data sets", paste(which(!same), collapse = " "), "\n")
    quit(status = 1)
  }
  cat("the kept numbers are R's\n")
}
