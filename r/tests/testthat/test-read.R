# A folder of results as another program version, or a hand, could have made it.
made_by_hand <- function(folder, csv, columns, version = "0.1.0", format = 1, rows = length(csv) - 1) {
  codebook <- c("table,column,kind,unit,low,high,categories,meaning", vapply(columns, function(it) {
    paste("t", it[1], it[2], if (length(it) > 2) it[3] else "NA", "NA", "NA", if (length(it) > 3) it[4] else "NA", "\"What it is, exactly\"", sep = ",")
  }, ""))
  of_codebook <- c("table", "column", "kind", "unit", "low", "high", "categories", "meaning")
  manifest <- list(
    format = format, program = "pairbond", version = version, kind = "run", seed = 1,
    tables = list(
      list(name = "codebook", row = "a column", columns = Map(function(n, k) list(name = n, kind = k), of_codebook, c(rep("string", 4), "float", "float", "string", "string"), USE.NAMES = FALSE)),
      list(name = "t", row = "a thing", columns = lapply(columns, function(it) list(name = it[1], kind = it[2])))
    ),
    files = list(list(name = "codebook.csv", rows = length(columns)), list(name = "t.csv", rows = rows))
  )
  writeLines(jsonlite::toJSON(manifest, auto_unbox = TRUE), file.path(folder, "manifest.json"))
  writeLines(codebook, file.path(folder, "codebook.csv"), useBytes = TRUE)
  writeLines(enc2utf8(csv), file.path(folder, "t.csv"), useBytes = TRUE)
  folder
}

columns <- list(
  c("id", "integer"), c("x", "float", "days"), c("role", "categorical", "NA", "a|b|couple"), c("condition", "string"),
  c("text", "string")
)
csv <- c(
  "id,x,role,condition,text", "1,0.5,b,z,\"with, comma # and \"\"quotes\"\"\"", "NA,NA,NA,y,\u00e9", "3,-1e-300,a,z,NA"
)

test_that("columns have types, levels, labels and units", {
  folder <- made_by_hand(fresh_folder(), csv, columns)
  read <- pb_read(folder, "t")
  expect_identical(as.integer(read$id), c(1L, NA, 3L))
  expect_type(read$id, "integer")
  expect_identical(as.numeric(read$x), c(0.5, NA, -1e-300))
  expect_identical(levels(read$role), c("a", "b", "couple"))
  expect_identical(as.character(read$role), c("b", NA, "a"))
  expect_identical(levels(read$condition), c("z", "y"))
  expect_identical(as.character(read$text), c("with, comma # and \"quotes\"", "\u00e9", NA))
  expect_identical(attr(read$x, "label"), "What it is, exactly")
  expect_identical(attr(read$x, "unit"), "days")
  expect_null(attr(read$id, "unit"))
  expect_null(attributes(pb_read(folder, "t", labels = FALSE)$x))
  expect_identical(names(pb_read(folder, "t", columns = c("text", "id"))), c("text", "id"))
  expect_identical(names(pb_read(folder)), c("codebook", "t"))
})

test_that("integers are integer, double or text, as their size demands", {
  of <- function(...) {
    folder <- made_by_hand(fresh_folder(parent.frame()), c("id", ...), list(c("id", "integer")))
    pb_read(folder, "t", labels = FALSE)$id
  }
  expect_identical(of("1", "2147483647"), c(1L, 2147483647L))
  expect_identical(of("1", "2147483648"), c(1, 2147483648))
  expect_identical(of("NA", "-9007199254740991"), c(NA, -9007199254740991))
  expect_identical(of("1", "9007199254740993", "NA"), c("1", "9007199254740993", NA))
  expect_identical(of("18446744073709551615"), "18446744073709551615")
})

test_that("a table without rows has its columns", {
  folder <- made_by_hand(fresh_folder(), csv[1], columns)
  read <- pb_read(folder, "t")
  expect_identical(dim(read), c(0L, 5L))
  expect_identical(levels(read$role), c("a", "b", "couple"))
})

test_that("names that do not exist are refused with the nearest", {
  folder <- made_by_hand(fresh_folder(), csv, columns)
  expect_error(pb_read(folder, "T1"), "did you mean `t`", class = "pairbond_argument")
  expect_error(pb_read(folder, "t", "txt"), "did you mean `text`", class = "pairbond_argument")
})

test_that("a table that is not as it was written is refused", {
  refused <- function(...) expect_error(pb_read(made_by_hand(fresh_folder(parent.frame()), ...), "t"), class = "pairbond_unreadable")
  expect_match(conditionMessage(refused(csv[1:3], columns, rows = 3)), "the 3 rows of the manifest")
  expect_match(conditionMessage(refused(c(csv, csv[2]), columns, rows = 3)), "the 3 rows of the manifest")
  expect_match(conditionMessage(refused(sub("^id,x", "x,id", csv), columns)), "columns are not those")
  expect_match(conditionMessage(refused(sub("^3,", "three,", csv), columns)), "not as it was written")
  folder <- made_by_hand(fresh_folder(), csv, columns)
  unlink(file.path(folder, "t.csv"))
  expect_error(pb_read(folder, "t"), "missing", class = "pairbond_unreadable")
  file.create(file.path(folder, "t.parquet"))
  expect_error(pb_read(folder, "t"), "read_parquet", class = "pairbond_unreadable")
})

test_that("a folder of another version is read with a warning, of another format not", {
  folder <- made_by_hand(fresh_folder(), csv, columns, version = "0.9.0")
  expect_warning(read <- pb_read(folder, "t"), "made by version 0.9.0", class = "pairbond_warning")
  expect_identical(nrow(read), 3L)
  expect_silent(pb_open(made_by_hand(fresh_folder(), csv, columns, version = "0.1.7")))
  error <- catch(pb_open(made_by_hand(fresh_folder(), csv, columns, version = "3.0.0", format = 2)))
  expect_s3_class(error, "pairbond_unreadable")
  expect_match(conditionMessage(error), "format 2.*Version 3.0.0")
})

test_that("a folder that is none of results is refused", {
  folder <- fresh_folder()
  expect_error(pb_open(file.path(folder, "none")), "no such folder", class = "pairbond_unreadable")
  expect_error(pb_open(folder), "no manifest.json", class = "pairbond_unreadable")
  dir.create(file.path(folder, "x.unfinished"))
  expect_error(pb_open(file.path(folder, "x")), "not finished.*resume = TRUE", class = "pairbond_unreadable")
  dir.create(file.path(folder, "results"))
  expect_error(pb_open(file.path(folder, "result")), "did you mean `results`", class = "pairbond_unreadable")
  for (text in c("", "{", "[]", "{\"program\": \"other\"}", "{\"program\": \"pairbond\", \"version\": \"0.1.0\"}")) {
    writeLines(text, file.path(folder, "manifest.json"))
    expect_error(pb_open(folder), class = "pairbond_unreadable")
  }
})

test_that("results that were removed say so", {
  skip_without_program()
  run <- pb_run(short())
  unlink(run$folder, recursive = TRUE)
  expect_error(pb_read(run, "couples"), "not there any more; give `out`", class = "pairbond_unreadable")
  expect_output(print(run), "not there any more")
})

test_that("results print what they are", {
  skip_without_program()
  out <- file.path(fresh_folder(), "x")
  printed <- capture.output(print(pb_run(short(), out = out)))
  expect_match(printed[1], "pairbond run, version 0.1.0, seed 1", fixed = TRUE)
  expect_true(any(grepl("^Still together", printed)))
  expect_true(any(grepl("Tables: .*couples \\(40\\)", printed)))
  expect_true(any(grepl("Charts: .*trajectories", printed)))
  expect_true("couples" %in% summary(pb_open(out))$table)
  expect_true(all(c("table", "column", "meaning") %in% names(pb_codebook(out))))
})

test_that("a file of results that was changed is found", {
  skip_without_program()
  run <- pb_run(short())
  expect_true(pb_verify(run))
  write("1", file.path(run$folder, "survival.csv"), append = TRUE)
  expect_warning(same <- pb_verify(run), "survival.csv", class = "pairbond_warning")
  expect_false(same)
})
