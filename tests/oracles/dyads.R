# Makes the numbers that the statistics of couples are held against, with R's own methods.
#
# Needs R with nlme and survival. In the folder of the project:
#   Rscript --vanilla tests/oracles/dyads.R          says whether the kept numbers are R's
#   Rscript --vanilla tests/oracles/dyads.R renew    writes them anew
#   Rscript --vanilla tests/oracles/dyads.R data     makes the data and the numbers anew

suppressPackageStartupMessages({
  library(nlme)
  library(survival)
})
folder <- "tests/oracles"
kept <- file.path(folder, "dyads_expected.csv")
what <- c(commandArgs(trailingOnly = TRUE), "check")[1]
stopifnot(what %in% c("check", "renew", "data"))

# ---- data ---------------------------------------------------------------------------------------

write_data <- function(data, name) {
  write.csv(data, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

# Two variables x and y of partners and an outcome z whose residuals are correlated by rho.
make_pairs <- function(set, dyads, rho) {
  pair <- function(r) {
    first <- rnorm(dyads)
    cbind(first, r * first + sqrt(1 - r^2) * rnorm(dyads))
  }
  x <- pair(0.5)
  y <- 0.6 * x + 0.8 * pair(0.3)
  left <- pair(rho)
  other <- function(v) v[, 2:1]
  z <- 4 + 0.5 * x + 0.3 * y + 0.2 * other(x) - 0.1 * other(y) + 0.15 * x * y - 0.1 * x^2 + 0.7 * left
  x <- 5 + x
  y <- 5 + y
  long <- function(p) data.frame(set, dyad = seq_len(dyads), person = p, x = x[, p], y = y[, p], z = z[, p])
  data <- rbind(long(1), long(2))
  data[4:6] <- round(data[4:6], 2)
  data[order(data$dyad, data$person), ]
}

# Days of satisfaction and conflict; persons begin and end on days of their own and miss some.
make_diary <- function(couples, days) {
  rows <- list()
  for (couple in seq_len(couples)) {
    level <- 5 + 0.7 * rnorm(1) + 0.6 * rnorm(2)
    spread <- exp(0.4 * rnorm(2)) * (1.3 - 0.15 * (level - 5))
    mood <- c(0, 0)
    for (day in seq_len(days)) {
      conflict <- 1 + rpois(1, 0.8) + rpois(2, 0.7)
      mood <- 0.35 * mood - 0.3 * (conflict - 2.5) - 0.1 * (rev(conflict) - 2.5) + 0.4 * rnorm(1) + 0.6 * rnorm(2)
      rows[[length(rows) + 1]] <- data.frame(
        couple, person = 1:2, day,
        satisfaction = round(level + spread * mood, 2), conflict
      )
    }
  }
  data <- do.call(rbind, rows)
  data <- data[order(data$couple, data$person, data$day), ]
  data$satisfaction[runif(nrow(data)) < 0.06] <- NA
  data$conflict[runif(nrow(data)) < 0.05] <- NA
  data <- data[runif(nrow(data)) > 0.1, ]
  data[!(data$couple %% 5 == 0 & data$person == 2 & data$day > 4), ]
}

make_lives <- function(lives) {
  x <- round(rnorm(lives), 2)
  group <- rbinom(lives, 1, 0.4)
  end <- ceiling(rexp(lives, exp(0.6 * x - 0.5 * group) / 700))
  seen <- ceiling(runif(lives, 200, 2200))
  # Ties: half of all ends fall on multiples of thirty days.
  end <- ifelse(runif(lives) < 0.5, 30 * ceiling(end / 30), end)
  data.frame(day = pmin(end, seen), ended = as.integer(end <= seen), x, group)
}

if (what == "data") {
  set.seed(2026)
  pairs <- rbind(make_pairs("whole", 45, 0.45), make_pairs("gaps", 60, -0.5))
  gaps <- pairs$set == "gaps"
  for (name in c("x", "y", "z")) pairs[[name]][gaps & runif(nrow(pairs)) < 0.06] <- NA
  write_data(pairs, "dyads_pairs.csv")
  write_data(make_diary(24, 9), "dyads_diary.csv")
  write_data(make_lives(160), "dyads_lives.csv")
}

all_pairs <- read.csv(file.path(folder, "dyads_pairs.csv"))
diary <- read.csv(file.path(folder, "dyads_diary.csv"))
lives <- read.csv(file.path(folder, "dyads_lives.csv"))

# ---- what is common -----------------------------------------------------------------------------

found <- list()
emit <- function(case, quantity, value) {
  stopifnot(length(value) == 1, is.finite(value))
  found[[length(found) + 1]] <<- data.frame(case, quantity, value = unname(as.numeric(value)))
}
emit_coefficients <- function(case, names, values, covariance) {
  for (k in seq_along(names)) {
    emit(case, names[k], values[k])
    emit(case, paste0(names[k], ".se"), sqrt(covariance[k, k]))
  }
}

# A correlation over rows in clusters; its error by the delta method from sums over clusters.
emit_correlation <- function(case, u, v, cluster) {
  known <- is.finite(u) & is.finite(v)
  u <- u[known]
  v <- v[known]
  cluster <- cluster[known]
  r <- cor(u, v)
  # Sums of squares keep more digits around the means, which the correlation does not feel.
  a <- u - mean(u)
  b <- v - mean(v)
  sums <- rowsum(cbind(1, a, b, a^2, b^2, a * b), cluster)
  of <- function(s) {
    m <- s / s[1]
    (m[6] - m[2] * m[3]) / sqrt((m[4] - m[2]^2) * (m[5] - m[3]^2))
  }
  total <- colSums(sums)
  slope <- sapply(seq_along(total), function(k) {
    step <- replace(numeric(6), k, 1e-4 * max(1, abs(total[k])))
    (of(total + step) - of(total - step)) / (2 * sum(step))
  })
  error <- sqrt(nrow(sums) * drop(t(slope) %*% cov(sums) %*% slope))
  emit(case, "r", r)
  emit(case, "r.se", error)
  ends <- tanh(atanh(r) + c(-1, 1) * qnorm(0.975) * error / (1 - r^2))
  emit(case, "r.low", ends[1])
  emit(case, "r.high", ends[2])
  emit(case, "rows", length(u))
}

# The intraclass correlation of analysis of variance.
emit_intraclass <- function(case, values, groups) {
  groups <- factor(groups[is.finite(values)])
  values <- values[is.finite(values)]
  squares <- anova(lm(values ~ groups))[["Mean Sq"]]
  sizes <- as.numeric(table(groups))
  k <- length(sizes)
  n <- sum(sizes)
  size <- (n - sum(sizes^2) / n) / (k - 1)
  ratio <- squares[1] / squares[2]
  icc <- (ratio - 1) / (ratio + size - 1)
  emit(case, "icc", icc)
  emit(case, "icc.se", sqrt(2 * (n - 1) * (1 - icc)^2 * (1 + (size - 1) * icc)^2 / (size^2 * (n - k) * (k - 1))))
  ends <- c(ratio / qf(0.975, k - 1, n - k), ratio * qf(0.975, n - k, k - 1))
  emit(case, "icc.low", (ends[1] - 1) / (ends[1] + size - 1))
  emit(case, "icc.high", (ends[2] - 1) / (ends[2] + size - 1))
}

swap <- function(v) as.vector(matrix(v, nrow = 2)[2:1, ])
tight_gls <- glsControl(tolerance = 1e-11, msTol = 1e-13, maxIter = 500, msMaxIter = 500)
tight_lme <- lmeControl(tolerance = 1e-11, msTol = 1e-13, maxIter = 500, msMaxIter = 500, niterEM = 100)

symmetric <- function(formula, data, method = "REML") {
  # The call holds formula and data themselves, so that methods find them.
  eval(bquote(gls(.(formula),
    data = .(data), method = .(method), na.action = na.omit,
    correlation = corCompSymm(form = ~ 1 | dyad), control = tight_gls
  )))
}
emit_gls <- function(case, fit, names, output) {
  emit_coefficients(case, names, coef(fit), vcov(fit))
  emit(case, "rho", coef(fit$modelStruct$corStruct, unconstrained = FALSE))
  # The curvature of R's likelihood: that of intervals() has three digits.
  rho <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
  height <- function(z) {
    fixed <- eval(bquote(corCompSymm(.(tanh(z)), form = ~ 1 | dyad, fixed = TRUE)))
    as.numeric(logLik(update(fit, correlation = fixed)))
  }
  step <- 1e-2
  z <- atanh(rho) + step * -2:2
  error <- 1 / sqrt(sum(c(1, -16, 30, -16, 1) * sapply(z, height)) / (12 * step^2))
  emit(case, "rho.low", tanh(atanh(rho) - qnorm(0.975) * error))
  emit(case, "rho.high", tanh(atanh(rho) + qnorm(0.975) * error))
  emit(case, "sigma", fit$sigma)
  emit(case, "log_likelihood", as.numeric(logLik(fit)))
  emit(case, "persons", fit$dims$N)
  left <- as.numeric(residuals(fit))
  emit(case, "r_squared", 1 - var(left) / var(output))
}
emit_combination <- function(case, name, weights, values, covariance) {
  emit(case, name, sum(weights * values))
  emit(case, paste0(name, ".se"), sqrt(drop(t(weights) %*% covariance %*% weights)))
}

# ---- pairs --------------------------------------------------------------------------------------

for (set in c("whole", "gaps")) {
  d <- all_pairs[all_pairs$set == set, ]
  case <- function(name) paste(set, name, sep = ".")
  surface <- function(name) paste("surface", set, name, sep = ".")

  emit_correlation(case("partner_x"), d$x, swap(d$x), d$dyad)
  emit_correlation(case("partner_z"), d$z, swap(d$z), d$dyad)
  emit_correlation(case("own_xy"), d$x, d$y, d$dyad)
  emit_correlation(case("cross_xy"), d$x, swap(d$y), d$dyad)

  both <- is.finite(d$z) & is.finite(swap(d$z))
  emit_intraclass(case("partner_icc_z"), d$z[both], d$dyad[both])
  emit_gls(case("mean_z"), symmetric(z ~ 1, d), "intercept", na.omit(d$z))

  with_partner <- function(d) transform(d, px = swap(x), py = swap(y))
  names <- c("intercept", "actor_x", "partner_x", "actor_y", "partner_y")
  model <- z ~ x + px + y + py
  complete <- function(d) na.omit(d[, c("z", "x", "px", "y", "py")])$z
  raw <- with_partner(d)
  emit_gls(case("apim_reml"), symmetric(model, raw), names, complete(raw))
  emit_gls(case("apim_ml"), symmetric(model, raw, "ML"), names, complete(raw))
  scaled <- d
  for (name in c("x", "y", "z")) scaled[[name]] <- as.numeric(scale(d[[name]]))
  scaled <- with_partner(scaled)
  emit_gls(case("apim_standardised"), symmetric(model, scaled), names, complete(scaled))

  # Response surfaces over variables centred at 5.
  at <- transform(d, x = x - 5, y = y - 5)
  at <- transform(at, xx = x^2, xy = x * y, yy = y^2)
  at <- na.omit(at[, c("dyad", "x", "y", "z", "xx", "xy", "yy")])
  lines <- list(
    a1 = c(0, 1, 1, 0, 0, 0), a2 = c(0, 0, 0, 1, 1, 1), a3 = c(0, 1, -1, 0, 0, 0),
    a4 = c(0, 0, 0, 1, -1, 1), a5 = c(0, 0, 0, 1, 0, -1)
  )
  powers <- c("b0", "b1", "b2", "b3", "b4", "b5")
  plain <- lm(z ~ x + y + xx + xy + yy, at)
  emit_coefficients(surface("plain"), powers, coef(plain), vcov(plain))
  emit(surface("plain"), "r_squared", summary(plain)$r.squared)
  emit(surface("plain"), "sigma", summary(plain)$sigma)
  paired <- symmetric(z ~ x + y + xx + xy + yy, at)
  emit_gls(surface("paired"), paired, powers, at$z)
  for (line in names(lines)) {
    emit_combination(surface("plain"), line, lines[[line]], coef(plain), vcov(plain))
    emit_combination(surface("paired"), line, lines[[line]], coef(paired), vcov(paired))
  }
}

# ---- diary --------------------------------------------------------------------------------------

diary$id <- paste(diary$couple, diary$person)
key <- function(couple, person, day) paste(couple, person, day)
own_key <- key(diary$couple, diary$person, diary$day)
partner <- match(key(diary$couple, 3 - diary$person, diary$day), own_key)
before <- match(key(diary$couple, diary$person, diary$day - 1), own_key)
distance <- function(v) v - ave(v, diary$id, FUN = function(u) mean(u, na.rm = TRUE))
s <- distance(diary$satisfaction)
k <- distance(diary$conflict)

emit_intraclass("diary.icc", diary$satisfaction, diary$id)
emit_correlation("diary.lag_one", s, s[before], diary$couple)
emit_correlation("diary.same_day", s, s[partner], diary$couple)
persons <- aggregate(satisfaction ~ person + couple, diary, function(v) c(mean(v), sd(v)))
means <- persons$satisfaction[, 1]
stopifnot(nrow(persons) == 2 * length(unique(diary$couple)))
emit_correlation("diary.means", means, swap(means), persons$couple)
emit_correlation("diary.mean_spread", means, persons$satisfaction[, 2], persons$couple)

# Least squares with errors that respect couples.
emit_clustered <- function(case, names, y, x) {
  rows <- is.finite(y) & apply(is.finite(x), 1, all)
  y <- y[rows]
  x <- cbind(1, x[rows, , drop = FALSE])
  fit <- lm.fit(x, y)
  bread <- solve(crossprod(x))
  scores <- rowsum(x * fit$residuals, diary$couple[rows])
  groups <- nrow(scores)
  factor <- groups / (groups - 1) * (length(y) - 1) / (length(y) - ncol(x))
  emit_coefficients(case, c("intercept", names), fit$coefficients, factor * bread %*% crossprod(scores) %*% bread)
  emit(case, "days", length(y))
}
scale_days <- function(v) v / sd(v, na.rm = TRUE)
sz <- scale_days(s)
kz <- scale_days(k)
emit_clustered("diary.effects", c("own", "partner"), sz, cbind(kz, kz[partner]))
emit_clustered("diary.effects_raw", c("own", "partner"), s, cbind(k, k[partner]))
emit_clustered("diary.next_day", c("satisfaction_before", "conflict_before"), sz, cbind(sz[before], kz[before]))

emit_lme <- function(case, formula, random, correlation = NULL, method = "REML") {
  fit <- eval(bquote(lme(.(formula),
    random = .(random), correlation = .(correlation), data = diary, method = .(method),
    na.action = na.omit, control = tight_lme
  )))
  values <- fixef(fit)
  # The errors that a summary shows, which allow for the coefficients by either method.
  errors <- summary(fit)$tTable[, "Std.Error"]
  emit_coefficients(case, gsub("[()]", "", tolower(names(values))), values, diag(errors^2, length(errors)))
  for (k in seq_along(values)) emit(case, paste0(gsub("[()]", "", tolower(names(values)[k])), ".dof"), fit$fixDF$X[k])
  # From the outmost level inwards.
  spread <- fit$sigma * sqrt(sapply(as.matrix(fit$modelStruct$reStruct), function(m) m[1, 1]))
  emit(case, "couple_sd", if (length(spread) == 2) spread[1] else 0)
  emit(case, "person_sd", spread[length(spread)])
  emit(case, "residual_sd", fit$sigma)
  emit(case, "log_likelihood", as.numeric(logLik(fit)))
  emit(case, "phi", if (is.null(correlation)) 0 else coef(fit$modelStruct$corStruct, unconstrained = FALSE))
}
diary$conflict_within <- k
diary$conflict_mean <- diary$conflict - k
effects <- satisfaction ~ conflict_within + conflict_mean + day
for (method in c("REML", "ML")) {
  case <- function(name) paste("mixed", name, tolower(method), sep = ".")
  emit_lme(case("persons_mean"), satisfaction ~ 1, quote(~ 1 | id), method = method)
  emit_lme(case("persons"), effects, quote(~ 1 | id), method = method)
  emit_lme(case("nested_mean"), satisfaction ~ 1, quote(~ 1 | couple / id), method = method)
  emit_lme(case("nested"), effects, quote(~ 1 | couple / id), method = method)
  emit_lme(case("persons_days"), effects, quote(~ 1 | id), quote(corAR1(form = ~ day | id)), method)
  emit_lme(case("nested_days"), effects, quote(~ 1 | couple / id), quote(corAR1(form = ~ day | couple / id)), method)
}

# ---- lives --------------------------------------------------------------------------------------

for (terms in list("x", c("x", "group"))) {
  case <- paste(c("cox", terms), collapse = ".")
  fit <- coxph(reformulate(terms, "Surv(day, ended)"), lives, ties = "efron", eps = 1e-11)
  emit_coefficients(case, terms, coef(fit), vcov(fit))
  emit(case, "log_likelihood_null", fit$loglik[1])
  emit(case, "log_likelihood", fit$loglik[2])
  tests <- summary(fit)
  # The summary rounds Wald's statistic.
  statistics <- c(score = tests$sctest[["test"]], ratio = tests$logtest[["test"]], wald = unname(fit$wald.test))
  for (test in names(statistics)) emit(case, test, statistics[[test]])
}
curve <- summary(survfit(Surv(day, ended) ~ 1, lives, conf.type = "log-log"), times = c(365, 730, 1460))
for (k in 1:3) {
  case <- paste0("curve.", curve$time[k])
  emit(case, "survival", curve$surv[k])
  emit(case, "survival.se", curve$std.err[k])
  emit(case, "survival.low", curve$lower[k])
  emit(case, "survival.high", curve$upper[k])
}

# ---- keeping ------------------------------------------------------------------------------------

found <- do.call(rbind, found)
if (what == "check") {
  old <- read.csv(kept)
  if (!identical(old[1:2], found[1:2])) stop("the kept numbers have other names than R's")
  apart <- abs(old$value - found$value) / pmax(1, abs(found$value))
  # Optima of likelihoods move in the last digits from version to version.
  if (any(apart > 1e-5)) {
    print(cbind(found, kept = old$value)[apart > 1e-5, ])
    stop("the kept numbers are not R's")
  }
  cat(nrow(found), "numbers are R's, the farthest within", format(max(apart), digits = 2), "\n")
} else {
  found$value <- trimws(formatC(found$value, digits = 12, format = "g"))
  write.csv(found, kept, row.names = FALSE, quote = FALSE)
}
