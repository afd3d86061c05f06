# Makes the numbers that Cox regressions of break-ups are held against, with R's survival.
#
# In the folder of the project:
#   Rscript --vanilla tests/oracles/break_ups.R          says whether the kept numbers are R's
#   Rscript --vanilla tests/oracles/break_ups.R renew    writes them anew
#
# The 200 data sets are made by arithmetic that src/stats/cox_oracle.rs repeats: random numbers of Park & Miller (1988), of
# which twelve make one that is nearly normal. Data sets whose coefficients are infinite are kept as such.

suppressPackageStartupMessages(library(survival))
source("tests/oracles/common.R")

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

# A warning says that a coefficient is infinite.
finite <- function(k) tryCatch(fit(k), warning = function(w) NULL)
keep_or_check(finite, "survival", "break_ups_expected.csv", 1e-6)
