# SPDX-License-Identifier: Apache-2.0
#
# The one way to make a target. Sources are listed, never globbed; includes start at the repository
# root (#include "core/base/ids.hpp").
#
#   shardproof_library(shardproof_core SOURCES a.cpp b.cpp [DEPENDS ...] [PRIVATE_DEPENDS ...])
#     A static library (header-only without SOURCES), also known as shardproof::core, installed and
#     exported. DEPENDS reach its users, PRIVATE_DEPENDS do not.
#   shardproof_executable(shardproof SOURCES main.cpp [DEPENDS ...])
#     A program at the top of the build directory, installed.
#   shardproof_test(table_test SOURCES table_test.cpp [DEPENDS ...] [TIMEOUT s] [LABELS ...])
#     A GoogleTest program with a main and RapidCheck, and one ctest entry of the same name, run in
#     the repository's root. One entry for each program and not for each test case: a case takes
#     microseconds, so a process for each (and a second start at build time to list them) would cost
#     more than the tests themselves. --gtest_filter picks one case.
#   shardproof_benchmark(kernel_bench SOURCES kernel_bench.cpp [DEPENDS ...])
#     A Google Benchmark program with a main in bench/ of the build directory. The name ends in
#     _bench, so that `./dev bench kernel` finds it.

set(SHARDPROOF_PROPERTY_PARAMS "seed=1" CACHE STRING
    "RC_PARAMS of the property tests: a fixed seed makes every run of the suite the same")

include(GNUInstallDirs)

macro(shardproof_parse_arguments)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPENDS;PRIVATE_DEPENDS;LABELS")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${name}: not understood: ${arg_UNPARSED_ARGUMENTS} "
                        "${arg_KEYWORDS_MISSING_VALUES}")
  endif()
endmacro()

function(shardproof_library name)
  shardproof_parse_arguments()
  string(REGEX REPLACE "^shardproof_" "" short_name ${name})
  set(include_directories "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>"
                          "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/shardproof>")
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    shardproof_apply_flags(${name})
    target_include_directories(${name} PUBLIC ${include_directories})
    target_link_libraries(${name} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
  else()
    add_library(${name} INTERFACE)
    target_compile_features(${name} INTERFACE cxx_std_20)
    target_include_directories(${name} INTERFACE ${include_directories})
    target_link_libraries(${name} INTERFACE ${arg_DEPENDS})
  endif()
  add_library(shardproof::${short_name} ALIAS ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${short_name})
  install(TARGETS ${name} EXPORT shardproof ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

function(shardproof_program name)
  shardproof_parse_arguments()
  add_executable(${name} ${arg_SOURCES})
  shardproof_apply_flags(${name})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_PRIVATE_DEPENDS})
endfunction()

function(shardproof_executable name)
  shardproof_program(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

function(shardproof_test name)
  if(NOT SHARDPROOF_TESTS)
    return()
  endif()
  shardproof_parse_arguments()
  shardproof_program(${name} SOURCES ${arg_SOURCES}
                     DEPENDS ${arg_DEPENDS} rapidcheck_gtest rapidcheck GTest::gmock GTest::gtest_main)
  # Tests name their helpers alike.
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
                       ENVIRONMENT "RC_PARAMS=${SHARDPROOF_PROPERTY_PARAMS}")
endfunction()

function(shardproof_benchmark name)
  if(NOT SHARDPROOF_BENCHMARKS)
    return()
  endif()
  if(NOT name MATCHES "_bench$")
    message(FATAL_ERROR "${name}: the name of a benchmark ends in _bench")
  endif()
  shardproof_parse_arguments()
  shardproof_program(${name} SOURCES ${arg_SOURCES}
                     DEPENDS ${arg_DEPENDS} benchmark::benchmark_main benchmark::benchmark)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bench")
  if(NOT TARGET shardproof_benchmarks)
    add_custom_target(shardproof_benchmarks)
  endif()
  add_dependencies(shardproof_benchmarks ${name})
endfunction()
