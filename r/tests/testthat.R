library(testthat)
library(pairbond)

test_check("pairbond")
