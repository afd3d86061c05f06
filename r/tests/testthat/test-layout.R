study <- function(...) {
  pb_run(short(
    couples = 60, days = 30, measurement = list(waves = c(10, 30), missing = 0.2), record = list(days = 60), ...
  ))
}

# Values without labels, in the order of person and time.
plain <- function(frame) {
  frame <- frame[do.call(order, frame[intersect(c("condition", "couple_id", "person_id", "day"), names(frame))]), ]
  rownames(frame) <- NULL
  frame[] <- lapply(frame, as.vector)
  frame
}

test_that("pairs are those of the program's pairwise table", {
  skip_without_program()
  run <- study()
  theirs <- pb_read(run, "diary_pairwise")
  diary <- pb_read(run, "diary")
  ours <- pb_layout_pairs(diary[names(diary) != "answered"], lag = TRUE)
  expect_setequal(names(ours), names(theirs))
  expect_equal(plain(ours[names(theirs)]), plain(theirs), tolerance = 1e-12)
  # Some values are missing, and some are not.
  expect_true(anyNA(theirs$daily_trust_a_lag1) && !all(is.na(theirs$daily_trust_a_lag1)))
})

test_that("rows of couples are those of the program's wide table", {
  skip_without_program()
  run <- study()
  theirs <- pb_read(run, "waves_wide")
  ours <- pb_layout_wide(run, table = "waves")
  expect_identical(names(ours), names(theirs))
  # Couples that separated before the first wave have no row in waves.
  expect_equal(plain(ours), plain(theirs[theirs$couple_id %in% ours$couple_id, ]), tolerance = 0)
  expect_true(all(is.na(theirs[!theirs$couple_id %in% ours$couple_id, -(1:3)])))
})

test_that("days of couples have both partners in a row", {
  skip_without_program()
  run <- study()
  days <- pb_read(run, "days")
  wide <- pb_layout_wide(days, c("trust", "stress"), by = "time")
  expect_identical(names(wide), c("replicate", "couple", "couple_id", "day", "trust_a", "stress_a", "trust_b", "stress_b"))
  expect_identical(nrow(wide) * 2L, nrow(days))
  at <- match(paste(wide$couple_id, wide$day, "b"), paste(days$couple_id, days$day, days$role))
  expect_identical(as.vector(wide$trust_b), as.vector(days$trust[at]))
})

test_that("long rows have dummies of the role", {
  skip_without_program()
  run <- study()
  long <- pb_layout_long(run, "trust", table = "waves")
  expect_identical(long$a, as.numeric(long$role == "a"))
  expect_identical(long$a + long$b, rep(1, nrow(long)))
  expect_false(is.unsorted(long$couple_id))
})

test_that("columns of both partners of couples become rows of persons", {
  skip_without_program()
  run <- study()
  couples <- pb_read(run, "couples")
  days <- pb_read(run, "days")
  long <- pb_layout_long(couples, c("trust_end", "style"))
  expect_identical(nrow(long), 2L * nrow(couples))
  of_b <- long[long$role == "b", ]
  expect_identical(as.vector(of_b$trust_end), as.vector(couples$trust_end_b))
  expect_identical(levels(long$style), levels(couples$style_a))
  # Persons have the numbers that they have in the other tables.
  persons <- unique(days[c("couple_id", "role", "person_id", "partner_id")])
  both <- merge(long, persons, by = c("couple_id", "role"))
  expect_gt(nrow(both), 0)
  expect_identical(both$person_id.x, both$person_id.y)
  expect_identical(both$partner_id.x, both$partner_id.y)
  pairs <- pb_layout_pairs(couples, "trust_end")
  expect_identical(as.vector(pairs$trust_end_p[pairs$role == "a"]), as.vector(couples$trust_end_b))
  expect_identical(names(pb_layout_wide(couples, "trust_end")), c("replicate", "couple", "couple_id", "trust_end_a", "trust_end_b"))
})

test_that("the same couple under two conditions stays two", {
  skip_without_program()
  run <- study(condition = list(plain = list(), hard = list(traits = list(responsiveness = 0.3))))
  diary <- pb_read(run, "diary")
  pairs <- plain(pb_layout_pairs(diary, "daily_trust", lag = TRUE))
  theirs <- plain(pb_read(run, "diary_pairwise")[names(pairs)])
  expect_equal(pairs, theirs, tolerance = 1e-12)
  wide <- pb_layout_wide(run, "trust", table = "waves")
  expect_identical(nrow(wide), nrow(unique(pb_read(run, "waves")[c("condition", "couple_id")])))
})

test_that("tables and variables that do not fit are refused", {
  skip_without_program()
  run <- study()
  expect_error(pb_layout_long(run), "name a `table`: \"couples\"", class = "pairbond_argument")
  expect_error(pb_layout_long(run, table = "survival"), "not of couples", class = "pairbond_argument")
  expect_error(pb_layout_long(run, "trusd", table = "waves"), "did you mean `trust`", class = "pairbond_argument")
  expect_error(pb_layout_long(run, table = "waves_wide"), "long as the table `waves`", class = "pairbond_argument")
  expect_error(pb_layout_wide(data.frame(x = 1)), "couple_id", class = "pairbond_argument")
  waves <- pb_read(run, "waves")
  expect_error(pb_layout_pairs(rbind(waves, waves)), "two rows", class = "pairbond_argument")
  expect_error(pb_layout_wide(rbind(waves, waves)), "two rows", class = "pairbond_argument")
})
