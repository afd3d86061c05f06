# Cox regression of break-ups (Cox 1972): the hazard since entry by what the couple said at the start, as the mean of
# its members. Couples of whom no more is known are censored.
library(survival)

couples <- read_table("participants")
start <- read_table(start_table)
start <- start[start$day <= start_until, ]
mean_of <- function(column) tapply(start[[column]], start$couple, mean, na.rm = TRUE)
for (column in unique(c(predictor, outcome))) {
  couples[[column]] <- as.numeric(mean_of(column)[as.character(couples$couple)])
}
predictors <- unique(c(predictor, outcome))
couples <- complete(couples, predictors)
couples <- couples[couples$time > 0, ]
cat(sprintf("%d couples, %d break-ups\n", nrow(couples), sum(couples$status)))
# A rule of thumb: with fewer events, coefficients mean little (Peduzzi et al. 1995 ask for ten for each predictor).
if (sum(couples$status) < 2 * length(predictors)) {
  cat("too few break-ups for a model: follow more couples, or for longer\n")
} else {
  model <- coxph(reformulate(predictors, "Surv(time, status)"), data = couples)
  print(round(summary(model)$coefficients, 4))
  print(cox.zph(model))
}
