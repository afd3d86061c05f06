# Makes the numbers that growth models of couples are held against, with R's nlme.
#
# In the folder of the project:
#   Rscript --vanilla tests/oracles/growth.R          says whether the kept numbers are R's
#   Rscript --vanilla tests/oracles/growth.R renew    writes them anew
#
# The 200 data sets are made by arithmetic that src/stats/dyads/growth_oracle.rs repeats: random numbers of Park & Miller
# (1988), of which twelve make one that is nearly normal. Data sets that nlme cannot fit are kept as such.

suppressPackageStartupMessages(library(nlme))
source("tests/oracles/common.R")

# A data set by its number: sizes, slopes, shares of missing waves and distances between waves.
make_data <- function(k) {
  state <<- 5000 + 7919 * k
  for (warm in 1:20) uniform()
  couples <- 15 + (5 * k) %% 31
  waves <- 3 + k %% 4
  missing <- c(0, 0.1, 0.3)[1 + k %% 3]
  slopes <- c(0.5, 1, 0.2, 0)[1 + (k %/% 4) %% 4]
  shared <- c(0.5, 0, 0.8)[1 + (k %/% 5) %% 3]
  spread <- c(0.8, 0.3, 1.5, 0.5)[1 + (k %/% 2) %% 4]
  rows <- vector("list", 2 * couples * waves)
  count <- 0
  for (couple in seq_len(couples)) {
    x <- pair(0.3)
    level <- pair(0.5)
    change <- slopes * pair(shared)
    for (wave in seq_len(waves)) {
      time <- 0.5 * (wave - 1) + if (k %% 5 == 0 && wave == waves) 1 else 0
      error <- spread * pair(0)
      answered <- c(uniform(), uniform()) >= missing
      y <- c(5 + 0.3 * x[1] + 0.2 * x[2] + level[1] + (-0.4 + 0.2 * x[1] - 0.1 * x[2] + change[1]) * time + error[1],
             4 + 0.1 * x[2] + 0.8 * level[2] + (0.3 + 0.15 * x[1] + 0.6 * change[2]) * time + 1.3 * error[2])
      for (person in 1:2) {
        if (answered[person]) {
          count <- count + 1
          rows[[count]] <- c(couple, person, time, y[person], x[person], x[3 - person])
        }
      }
    }
  }
  data <- as.data.frame(do.call(rbind, rows[seq_len(count)]))
  names(data) <- c("couple", "person", "time", "y", "x", "z")
  data
}

# The variant of a number: partners and method.
variant <- function(k) {
  v <- (k - 1) %/% 50
  list(exchangeable = v %% 2 == 1, full = v >= 2)
}

fit <- function(k) {
  v <- variant(k)
  data <- make_data(k)
  data$couple <- factor(data$couple)
  data$person_id <- factor(data$person)
  data$role <- factor(data$person)
  control <- lmeControl(
    maxIter = 500, msMaxIter = 2000, msMaxEval = 5000, niterEM = 50, tolerance = 1e-9, msTol = 1e-13, opt = "nlminb"
  )
  method <- if (v$full) "ML" else "REML"
  model <- if (v$exchangeable) {
    lme(y ~ time * (x + z),
      data = data, method = method, control = control,
      random = list(couple = pdDiag(~time), person_id = pdDiag(~time))
    )
  } else {
    data$a <- as.numeric(data$person == 1)
    data$b <- as.numeric(data$person == 2)
    own <- c()
    for (who in c("a", "b")) {
      data[[paste0(who, "_time")]] <- data[[who]] * data$time
      for (term in c("x", "z")) {
        data[[paste0(who, "_", term)]] <- data[[who]] * data[[term]]
        data[[paste0(who, "_time_", term)]] <- data[[who]] * data$time * data[[term]]
      }
      own <- c(own, who, paste0(who, c("_time", "_x", "_z", "_time_x", "_time_z")))
    }
    lme(reformulate(c("0", own), "y"),
      data = data, method = method, control = control,
      random = list(couple = pdBlocked(list(pdSymm(~ 0 + a + b), pdDiag(~ 0 + a_time + b_time)))),
      weights = varIdent(form = ~ 1 | role)
    )
  }
  table <- summary(model)$tTable
  values <- c(rbind(table[, "Value"], table[, "Std.Error"], table[, "DF"]))
  c(as.numeric(logLik(model)), nrow(data), values)
}

keep_or_check(fit, "nlme", "growth_expected.csv", 1e-5)
