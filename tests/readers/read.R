# Reads a folder of results as R does without options, and fits two dyadic models to it.
# Rscript tests/readers/read.R FOLDER

library(nlme)
library(survival)

folder <- commandArgs(trailingOnly = TRUE)[1]
table <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))

# Every column has the kind that the codebook states.
codebook <- table("codebook")
for (name in unique(codebook$table)) {
  rows <- table(name)
  lines <- codebook[codebook$table == name, ]
  stopifnot(nrow(rows) > 0, identical(names(rows), lines$column))
  for (i in seq_len(nrow(lines))) {
    values <- rows[[lines$column[i]]]
    kept <- values[!is.na(values)]
    if (lines$kind[i] == "categorical") {
      stopifnot(is.character(values), kept %in% strsplit(lines$categories[i], "|", fixed = TRUE)[[1]])
    } else {
      # A column in which all is missing has no kind in R.
      stopifnot(is.numeric(values) || length(kept) == 0)
    }
    stopifnot(is.na(lines$low[i]) || all(kept >= lines$low[i]))
    stopifnot(is.na(lines$high[i]) || all(kept <= lines$high[i]))
  }
  cat(sprintf("%-11s %6d rows, %2d columns\n", name, nrow(rows), ncol(rows)))
}

# Actor–partner interdependence model (Kenny, Kashy & Cook 2006): partners of a couple are alike
# beyond what is in the model, so their residuals correlate.
couples <- table("couples")
person <- function(own, other) {
  data.frame(
    couple_id = couples$couple_id, role = own,
    trust = couples[[paste0("trust_end_", own)]],
    actor = couples[[paste0("responsiveness_", own)]],
    partner = couples[[paste0("responsiveness_", other)]]
  )
}
persons <- rbind(person("a", "b"), person("b", "a"))
persons <- persons[order(persons$couple_id), ]
apim <- gls(trust ~ actor + partner, data = persons, correlation = corCompSymm(form = ~ 1 | couple_id))
effects <- summary(apim)$tTable
print(round(effects, 4))
alike <- coef(apim$modelStruct$corStruct, unconstrained = FALSE)
cat(sprintf("correlation of partners' residuals %.3f\n", alike))
# Trust follows the partner's responsiveness, and through projection one's own.
stopifnot(effects[c("actor", "partner"), "Value"] > 0.1, effects[c("actor", "partner"), "Value"] < 1)
stopifnot(effects[c("actor", "partner"), "t-value"] > 5, abs(alike) < 1)

# Diary model with two intercepts (Bolger & Laurenceau 2013): each role has its own level and its own
# effect of how responsive the partner was felt to be that day, against the person's own mean; what
# is left over runs on from day to day. Days without an episode have nothing that could be felt.
days <- table("days")
days$a <- as.numeric(days$role == "a")
days$b <- as.numeric(days$role == "b")
days$month <- days$day / 30
days$felt <- days$perceived - ave(days$perceived, days$person_id, FUN = function(x) mean(x, na.rm = TRUE))
diary <- lme(
  daily_satisfaction ~ 0 + a + b + a:felt + b:felt + month,
  random = ~ 0 + a + b | couple_id,
  correlation = corAR1(form = ~ day | couple_id / person_id),
  data = subset(days, !is.na(perceived))
)
effects <- summary(diary)$tTable
print(round(effects, 4))
level <- effects[c("a", "b"), ]
stopifnot(level[, "Value"] > 0, level[, "Value"] < 1)
stopifnot(effects[c("a:felt", "b:felt"), "t-value"] > 10)
# The roles are alike in the model, so their levels are too.
stopifnot(abs(diff(level[, "Value"])) < 3 * sqrt(sum(level[, "Std.Error"]^2)))
# A fit that had run into the edge of its space would have no intervals of variances.
found <- intervals(diary, which = "var-cov")
print(found)
runs_on <- found$corStruct["Phi1", ]
alike <- found$reStruct$couple_id["cor(a,b)", ]
stopifnot(runs_on["lower"] > 0, runs_on["upper"] < 1, alike["lower"] > 0, alike["upper"] < 1)
stopifnot(found$reStruct$couple_id[c("sd(a)", "sd(b)"), "lower"] > 0.01)

# Couples that stay are censored, so that Surv(time, status) keeps them: the curve is that of the program.
kept <- table("survival")
curve <- summary(survfit(Surv(time, status) ~ 1, data = couples), times = kept$day, extend = TRUE)
stopifnot(curve$n == nrow(couples), all.equal(curve$surv, kept$survival))
cox <- coxph(Surv(time, status) ~ anxiety_a + avoidance_a + anxiety_b + avoidance_b, data = couples)
print(round(summary(cox)$coefficients, 4))
stopifnot(cox$n == nrow(couples), cox$nevent == sum(couples$ended), is.finite(coef(cox)))

# Styles are the quadrants of anxiety and avoidance at the start.
for (side in c("a", "b")) {
  high <- function(what) couples[[paste0(what, "_start_", side)]] >= 0.5
  styles <- ifelse(high("anxiety"), ifelse(high("avoidance"), "fearful", "preoccupied"),
    ifelse(high("avoidance"), "dismissing", "secure"))
  stopifnot(identical(couples[[paste0("style_", side)]], styles))
}
stopifnot(couples$status == couples$ended, all.equal(couples$time[couples$ended == 1], couples$end_day[couples$ended == 1]))
