# Longitudinal actor-partner model of a diary by glmmTMB (Brooks et al. 2017): as lapim_nlme.R, and partners are alike on
# the same occasion. glmmTMB gives this a variance, so that a negative correlation is not found.
library(glmmTMB)

rows <- read_diary()
y <- paste0(outcome, "_a")
rows <- complete(rows, c(y, within, between))
rows$series <- paste(rows$person_id, rows$burst)
rows$moment <- paste(rows$couple, rows$burst, rows$occasion)
rows$at <- factor(rows$occasion, levels = seq_len(max(rows$occasion)))
# Beside the process, what an occasion adds to a person's answer has a variance, by role, which may be none: then the
# likelihood has no top inside, and the next model has it alike for both, or not at all.
fit <- function(terms, dispersions) {
  for (dispersion in dispersions) {
    model <- suppressWarnings(glmmTMB(reformulate(terms, y), data = rows, dispformula = dispersion))
    if (isTRUE(model$sdr$pdHess)) break
  }
  cat("residual variance:", format(dispersion), "\n")
  model
}
if (distinguishable) {
  rows$a <- as.numeric(rows$role == "a")
  rows$b <- as.numeric(rows$role == "b")
  fixed <- c("0", "a", "b", paste0(rep(c("a:", "b:"), each = length(terms_of_rows)), terms_of_rows))
  random <- c("(0 + a + b | couple)", "(1 | moment)", "ar1(at + 0 | series)")
  model <- fit(c(fixed, random), list(~role, ~1, ~0))
} else {
  random <- c("(1 | couple)", "(1 | person_id)", "(1 | moment)", "ar1(at + 0 | series)")
  model <- fit(c(terms_of_rows, random), list(~1, ~0))
}
print(round(summary(model)$coefficients$cond, 4))
print(VarCorr(model))
cat(sprintf("converged: %s\n", model$fit$convergence == 0))
