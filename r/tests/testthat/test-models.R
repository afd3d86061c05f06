# The layouts are what the packages take that they are for. Packages that fit the same model agree.

study <- function() {
  pb_run(short(couples = 80, days = 30, measurement = list(waves = c(10, 30))))
}

test_that("a wide table is data of lavaan: an actor-partner model has the estimates of two regressions", {
  skip_without_program()
  skip_if_not_installed("lavaan")
  wide <- pb_layout_wide(study(), c("trust", "satisfaction"), table = "waves")
  model <- "
    satisfaction_a_w2 ~ trust_a_w1 + trust_b_w1
    satisfaction_b_w2 ~ trust_b_w1 + trust_a_w1
    satisfaction_a_w2 ~~ satisfaction_b_w2
  "
  fit <- lavaan::sem(model, data = wide)
  expect_true(lavaan::lavInspect(fit, "converged"))
  estimates <- lavaan::coef(fit)
  a <- stats::coef(stats::lm(satisfaction_a_w2 ~ trust_a_w1 + trust_b_w1, data = wide))
  b <- stats::coef(stats::lm(satisfaction_b_w2 ~ trust_b_w1 + trust_a_w1, data = wide))
  expect_equal(unname(estimates[1:2]), unname(a[2:3]), tolerance = 1e-4)
  expect_equal(unname(estimates[3:4]), unname(b[2:3]), tolerance = 1e-4)
})

test_that("a long table is data of nlme, lme4 and glmmTMB, which agree on intercepts and slopes of both roles", {
  skip_without_program()
  skip_if_not_installed("nlme")
  long <- pb_layout_long(study(), c("daily_satisfaction", "daily_conflict"), table = "diary")
  by_nlme <- nlme::fixef(nlme::lme(
    daily_satisfaction ~ 0 + a + b + a:daily_conflict + b:daily_conflict,
    random = ~ 0 + a + b | couple_id, data = long, na.action = stats::na.omit
  ))
  expect_length(by_nlme, 4)
  skip_if_not_installed("lme4")
  formula <- daily_satisfaction ~ 0 + a + b + a:daily_conflict + b:daily_conflict + (0 + a + b | couple_id)
  by_lme4 <- lme4::fixef(lme4::lmer(formula, data = long))
  expect_equal(by_lme4[names(by_nlme)], by_nlme, tolerance = 1e-3)
  skip_if_not_installed("glmmTMB")
  by_tmb <- suppressWarnings(glmmTMB::fixef(glmmTMB::glmmTMB(formula, data = long, REML = TRUE))$cond)
  expect_equal(by_tmb[names(by_nlme)], by_nlme, tolerance = 1e-3)
})

test_that("pairs are data of lme4: actor and partner effects within persons, and of the previous day", {
  skip_without_program()
  skip_if_not_installed("lme4")
  pairs <- pb_layout_pairs(study(), c("daily_satisfaction", "daily_conflict"), table = "diary", lag = TRUE)
  fit <- lme4::lmer(
    daily_satisfaction_a ~ daily_satisfaction_a_lag1 + daily_conflict_a_cwc + daily_conflict_p_cwc +
      daily_conflict_a_cm + daily_conflict_p_cm + (1 | couple_id / person_id),
    data = pairs
  )
  expect_length(lme4::fixef(fit), 6)
  expect_equal(lme4::ngrps(fit)[["couple_id"]], length(unique(pairs$couple_id)))
})
