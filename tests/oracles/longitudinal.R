# Makes the numbers that the longitudinal actor-partner interdependence model is held against, with R's nlme.
#
# In the folder of the project:
#   Rscript --vanilla tests/oracles/longitudinal.R          says whether the kept numbers are R's
#   Rscript --vanilla tests/oracles/longitudinal.R renew    writes them anew
#
# The 200 data sets are made by arithmetic that src/stats/dyads/longitudinal_oracle.rs repeats: random numbers of Park
# & Miller (1988), of which twelve make one that is nearly normal. Data sets that nlme cannot fit are kept as such.

suppressPackageStartupMessages(library(nlme))
source("tests/oracles/common.R")

# A data set by its number: all variants, sizes and shares of missing rows.
make_data <- function(k) {
  state <<- 1000 + 7919 * k
  for (warm in 1:20) uniform()
  couples <- 10 + (5 * k) %% 21
  occasions <- 4 + (3 * k) %% 9
  missing <- c(0, 0.1, 0.3)[1 + k %% 3]
  phi <- c(0, 0.3, 0.6, -0.3)[1 + k %% 4]
  rho <- c(0.4, -0.3, 0.1, 0, 0.7)[1 + k %% 5]
  levels <- c(1, 0.5, 2)[1 + (k %/% 3) %% 3]
  rows <- vector("list", 2 * couples * occasions)
  count <- 0
  for (couple in seq_len(couples)) {
    level <- levels * pair(0.4)
    left <- pair(rho)
    for (occasion in seq_len(occasions)) {
      x <- pair(0.25)
      answered <- c(uniform(), uniform()) >= missing
      y <- c(5 + 0.4 * x[1] + 0.2 * x[2] + level[1] + left[1],
             4 + 0.3 * x[2] - 0.1 * x[1] + 0.8 * level[2] + 1.4 * left[2])
      for (person in 1:2) {
        if (answered[person]) {
          count <- count + 1
          rows[[count]] <- c(couple, person, occasion, y[person], x[person], x[3 - person])
        }
      }
      fresh <- pair(rho)
      left <- phi * left + sqrt(1 - phi * phi) * fresh
    }
  }
  data <- as.data.frame(do.call(rbind, rows[seq_len(count)]))
  names(data) <- c("couple", "person", "occasion", "y", "x", "z")
  data
}

# The variant of a number: partners, residuals, method, and whether the outcome before is a predictor.
variant <- function(k) {
  v <- (k - 1) %/% 25
  list(exchangeable = v %% 2 == 1, autoregressive = (v %/% 2) %% 2 == 1, full = v >= 4, lagged = k %% 7 == 0)
}

fit <- function(k) {
  v <- variant(k)
  data <- make_data(k)
  data$role <- factor(data$person)
  data$couple <- factor(data$couple)
  data$a <- as.numeric(data$person == 1)
  data$b <- as.numeric(data$person == 2)
  if (v$lagged) {
    key <- paste(data$couple, data$person, data$occasion)
    before <- paste(data$couple, data$person, data$occasion - 1)
    data$l <- data$y[match(before, key)]
    data <- data[!is.na(data$l), ]
  }
  terms <- c("x", "z", if (v$lagged) "l")
  correlation <- if (v$autoregressive) {
    corAR1(0.1, form = ~ occasion | couple / role)
  } else {
    corCompSymm(0.1, form = ~ 1 | couple / occasion)
  }
  control <- lmeControl(
    maxIter = 500, msMaxIter = 2000, msMaxEval = 5000, niterEM = 50, tolerance = 1e-9, msTol = 1e-13, opt = "nlminb"
  )
  method <- if (v$full) "ML" else "REML"
  data <- data[order(data$couple, data$person, data$occasion), ]
  model <- if (v$exchangeable) {
    lme(reformulate(terms, "y"),
      random = list(couple = pdCompSymm(~ role - 1)), correlation = correlation,
      data = data, method = method, control = control
    )
  } else {
    for (term in terms) {
      data[[paste0("a", term)]] <- data$a * data[[term]]
      data[[paste0("b", term)]] <- data$b * data[[term]]
    }
    own <- c("a", paste0("a", terms), "b", paste0("b", terms))
    lme(as.formula(paste("y ~ -1 +", paste(own, collapse = " + "))),
      random = ~ -1 + a + b | couple, correlation = correlation, weights = varIdent(form = ~ 1 | role),
      data = data, method = method, control = control
    )
  }
  table <- summary(model)$tTable
  values <- c(rbind(table[, "Value"], table[, "Std.Error"], table[, "DF"]))
  c(as.numeric(logLik(model)), nrow(data), values)
}

keep_or_check(fit, "nlme", "longitudinal_expected.csv", 1e-5)
