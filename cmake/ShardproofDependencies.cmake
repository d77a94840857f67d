# SPDX-License-Identifier: Apache-2.0
#
# Every package that the build needs, found on the system and never downloaded. cmake/packages.txt
# names the Debian packages that provide them.

find_package(fmt REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS graph)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_path(SHARDPROOF_XXHASH_INCLUDE xxhash.h REQUIRED)
# Linked by its bare name, so that the exported package holds no path of this machine.
find_path(SHARDPROOF_MD_INCLUDE md5.h REQUIRED)
find_library(SHARDPROOF_MD_LIBRARY md REQUIRED)

if(SHARDPROOF_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
if(SHARDPROOF_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()

# The system's interpreter: the one that the package python3-jsonschema belongs to, even where
# another python3 comes first in the path.
find_program(SHARDPROOF_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(SHARDPROOF_PYTHON NAMES python3 REQUIRED)
