# Actor-partner interdependence model (Kenny, Kashy & Cook 2006): a person's outcome by the own and the partner's
# predictor. Residuals of partners correlate; with roles, each has effects and a variance of its own.
library(nlme)

persons <- read_persons()
y <- paste0(outcome, "_a", persons$view)
x <- paste0(predictor, c("_a", "_p"), persons$view)
rows <- complete(persons$rows, c(y, x))
if (distinguishable) {
  rows$a <- as.numeric(rows$role == "a")
  rows$b <- as.numeric(rows$role == "b")
  terms <- c("0", "a", "b", paste0(rep(c("a:", "b:"), each = 2), x))
  model <- gls(
    reformulate(terms, y),
    data = rows, correlation = corCompSymm(form = ~ 1 | couple), weights = varIdent(form = ~ 1 | role)
  )
} else {
  model <- gls(reformulate(x, y), data = rows, correlation = corCompSymm(form = ~ 1 | couple))
}
print(round(summary(model)$tTable, 4))
print(intervals(model, which = "coef"))
cat(sprintf(
  "correlation of partners' residuals %.3f\n",
  coef(model$modelStruct$corStruct, unconstrained = FALSE)
))
