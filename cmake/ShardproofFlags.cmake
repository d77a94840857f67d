# SPDX-License-Identifier: Apache-2.0
#
# The only place with compiler and linker flags. shardproof_apply_flags(<target>) gives them to one
# target; the build types below are redefined only when shardproof is the top-level project.

option(SHARDPROOF_DEVELOPER "Treat warnings as errors" OFF)
option(SHARDPROOF_LTO "Optimise across translation units" OFF)
option(SHARDPROOF_COVERAGE "Instrument for gcov" OFF)
option(SHARDPROOF_TIDY "Run clang-tidy on each source" OFF)
set(SHARDPROOF_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")
set(SHARDPROOF_SANITIZED_BUILD "" CACHE PATH
    "The directory of a build with sanitizers, for the tests that run its programs")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
  endif()
  # The developer's build: fast to compile, quick enough to run property tests, lines in traces.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

  find_program(SHARDPROOF_CCACHE ccache)
  if(SHARDPROOF_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${SHARDPROOF_CCACHE})
  endif()
  if(SHARDPROOF_TIDY)
    find_program(SHARDPROOF_CLANG_TIDY clang-tidy REQUIRED)
    set(CMAKE_CXX_CLANG_TIDY ${SHARDPROOF_CLANG_TIDY})
  endif()
endif()

set(shardproof_warnings -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                        -Woverloaded-virtual)
if(SHARDPROOF_DEVELOPER)
  list(APPEND shardproof_warnings -Werror)
endif()

# Over translation units g++ 12 takes the inline buffer of a small_vector for all the room there is.
set(shardproof_link_warnings "")
if(SHARDPROOF_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(shardproof_link_warnings -Wno-stringop-overflow -Wno-stringop-overread)
  list(APPEND shardproof_warnings ${shardproof_link_warnings})
endif()

# __FILE__ must be the same text in every checkout: check failures are part of a run's output.
# ccache may hand the compiler relative paths, hence the second mapping.
file(RELATIVE_PATH shardproof_source_from_build "${PROJECT_BINARY_DIR}" "${PROJECT_SOURCE_DIR}")
set(shardproof_codegen -ffp-contract=off "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/="
                       "-fmacro-prefix-map=${shardproof_source_from_build}/=")
set(shardproof_link "")

if(SHARDPROOF_SANITIZE)
  list(APPEND shardproof_codegen -fsanitize=${SHARDPROOF_SANITIZE} -fno-sanitize-recover=all
       -fno-omit-frame-pointer)
  list(APPEND shardproof_link -fsanitize=${SHARDPROOF_SANITIZE})
endif()
if(SHARDPROOF_COVERAGE)
  list(APPEND shardproof_codegen --coverage)
  list(APPEND shardproof_link --coverage)
endif()

# mold links fastest; of the linkers that understand link-time optimisation, lld reads clang's form
# and only the default one reads gcc's.
if(NOT SHARDPROOF_LTO)
  find_program(SHARDPROOF_MOLD ld.mold)
endif()
if(NOT SHARDPROOF_LTO OR CMAKE_CXX_COMPILER_ID MATCHES Clang)
  find_program(SHARDPROOF_LLD ld.lld)
endif()
if(SHARDPROOF_MOLD)
  list(APPEND shardproof_link -fuse-ld=mold)
elseif(SHARDPROOF_LLD)
  list(APPEND shardproof_link -fuse-ld=lld)
endif()

# What a program needs to link with archives of this build.
list(JOIN shardproof_link " " shardproof_consumer_link_flags)

function(shardproof_apply_flags target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE ${shardproof_warnings} ${shardproof_codegen})
  target_link_options(${target} PRIVATE ${shardproof_link} ${shardproof_link_warnings})
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ${SHARDPROOF_LTO})
endfunction()
