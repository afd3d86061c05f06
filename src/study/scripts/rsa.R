# Dyadic response surface analysis (Schoenbrodt, Humberg & Nestler 2018): a person's outcome by a polynomial of the own
# and the partner's predictor, centred at the mean of all. a1 and a2 are slope and curvature where both agree, a3 and a4
# where they differ.
library(nlme)

persons <- read_persons()
y <- paste0(outcome, "_a", persons$view)
x <- paste0(predictor, c("_a", "_p"), persons$view)
rows <- complete(persons$rows, c(y, x))
centre <- mean(rows[[x[1]]])
rows$own <- rows[[x[1]]] - centre
rows$partner <- rows[[x[2]]] - centre
rows$own2 <- rows$own^2
rows$both <- rows$own * rows$partner
rows$partner2 <- rows$partner^2
terms <- c("own", "partner", "own2", "both", "partner2")
model <- gls(
  reformulate(terms, y),
  data = rows, correlation = corCompSymm(form = ~ 1 | couple),
  weights = if (distinguishable) varIdent(form = ~ 1 | role)
)
print(round(summary(model)$tTable, 4))
surface <- rbind(
  a1 = c(1, 1, 0, 0, 0), a2 = c(0, 0, 1, 1, 1), a3 = c(1, -1, 0, 0, 0), a4 = c(0, 0, 1, -1, 1)
)
b <- coef(model)[terms]
se <- sqrt(diag(surface %*% vcov(model)[terms, terms] %*% t(surface)))
found <- drop(surface %*% b)
print(round(cbind(estimate = found, se = se, low = found - 1.96 * se, high = found + 1.96 * se), 4))
