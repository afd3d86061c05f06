# Growth of both partners (Kashy & Donnellan 2012): the outcome as a line over time for each person, whose levels
# correlate between partners. Time is in its unit from entry on.
library(nlme)

rows <- read_table(growth_table)
rows$time <- rows$day / time_unit
rows <- complete(rows, outcome)
control <- lmeControl(opt = "optim", maxIter = 200, returnObject = TRUE)
if (distinguishable && length(unique(rows$role)) == 2) {
  rows$a <- as.numeric(rows$role == "a")
  rows$b <- as.numeric(rows$role == "b")
  rows$a_time <- rows$a * rows$time
  rows$b_time <- rows$b * rows$time
  model <- lme(
    reformulate(c("0", "a", "b", "a_time", "b_time"), outcome),
    data = rows,
    random = list(couple = pdBlocked(list(pdSymm(~ 0 + a + b), pdDiag(~ 0 + a_time + b_time)))),
    weights = varIdent(form = ~ 1 | role), control = control
  )
} else {
  model <- lme(
    reformulate("time", outcome),
    data = rows, random = list(couple = pdDiag(~time), person_id = pdDiag(~time)), control = control
  )
}
print(round(summary(model)$tTable, 4))
print(VarCorr(model))
