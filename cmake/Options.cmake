# Compile options of every target of this project. Part of them is a promise: a multiplication and an addition must not
# be contracted into one rounding, or results would differ between compilers and processors.
add_library(libsim_options INTERFACE)
target_compile_options(libsim_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                                -Woverloaded-virtual)
# g++ 12 sees copies that overlap (GCC bug 105651) or leave their bounds in `std::string + char*`, some of them only for
# some lengths of a constant: a project built in another folder would fail.
target_compile_options(
  libsim_options INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>")
# Messages have a defaulted ==, used or not; clang counts those in unnamed namespaces as unused functions.
target_compile_options(libsim_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-unused-function>)
option(LIBSIM_WERROR "Treat warnings as errors" OFF)
if(LIBSIM_WERROR)
  target_compile_options(libsim_options INTERFACE -Werror)
endif()

# One of: empty, "address,undefined", "thread".
set(LIBSIM_SANITIZE "" CACHE STRING "Sanitizers to build with")
if(LIBSIM_SANITIZE)
  # CAF's headers bind references to null on purpose, hence -fno-sanitize=null.
  target_compile_options(libsim_options INTERFACE -fsanitize=${LIBSIM_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  if(LIBSIM_SANITIZE MATCHES undefined)
    target_compile_options(libsim_options INTERFACE -fno-sanitize=null)
  endif()
  target_link_options(libsim_options INTERFACE -fsanitize=${LIBSIM_SANITIZE})
endif()

# Used when it is there, never required. The sloppiness is what lets precompiled headers hit the cache.
find_program(CCACHE_PROGRAM ccache)
mark_as_advanced(CCACHE_PROGRAM)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

# Where CMAKE_UNITY_BUILD is on (release builds and those that only check), the sources of one folder are compiled up to
# eight at a time, which takes a third of the time. The price: helpers in unnamed namespaces of one folder need different
# names. What nearly all of them include is compiled once; extra arguments: further headers of that kind.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # It takes the sources in a group for headers, where a type of an unnamed namespace would be a mistake.
  target_compile_options(libsim_options INTERFACE -Wno-subobject-linkage)
endif()
function(libsim_group_sources target)
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
    string(MAKE_C_IDENTIFIER ${folder} folder)
    math(EXPR chunk "0${count_${folder}} / 8")
    math(EXPR count_${folder} "0${count_${folder}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${chunk})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  if(CMAKE_UNITY_BUILD)
    target_precompile_headers(${target} PRIVATE <algorithm> <fmt/format.h> <functional> <map> <memory> <string> <vector>
                                                <libsim/sim.hpp> ${ARGN})
  endif()
endfunction()
