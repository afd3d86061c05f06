# Longitudinal actor-partner model of a diary by nlme (Bolger & Laurenceau 2013; Gistelinck & Loeys 2019): the outcome
# of an occasion by what both partners said then, less their means, and by their means; residuals run on within a burst
# (AR(1)). What nlme leaves out: that partners' residuals on one occasion correlate, as lapim_glmmtmb.R has it.
library(nlme)

rows <- read_diary()
y <- paste0(outcome, "_a")
rows <- complete(rows, c(y, within, between))
# Numbers of occasions within a person's burst, which gaps leave out.
rows$series <- paste(rows$person_id, rows$burst)
if (distinguishable) {
  rows$a <- as.numeric(rows$role == "a")
  rows$b <- as.numeric(rows$role == "b")
  fixed <- reformulate(c("0", "a", "b", paste0(rep(c("a:", "b:"), each = length(terms_of_rows)), terms_of_rows)), y)
  model <- lme(
    fixed,
    data = rows, random = ~ 0 + a + b | couple, weights = varIdent(form = ~ 1 | role),
    correlation = corAR1(form = ~ occasion | couple / series), control = lmeControl(maxIter = 200, msMaxIter = 200)
  )
} else {
  model <- lme(
    reformulate(terms_of_rows, y),
    data = rows, random = ~ 1 | couple / person_id,
    correlation = corAR1(form = ~ occasion | couple / person_id / series),
    control = lmeControl(maxIter = 200, msMaxIter = 200)
  )
}
print(round(summary(model)$tTable, 4))
cat(sprintf("AR(1) %.3f\n", coef(model$modelStruct$corStruct, unconstrained = FALSE)))
print(VarCorr(model))
