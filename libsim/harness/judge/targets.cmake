# Builds the version and the project's table of targets into the library: an installed program needs no source tree.
# Use: include(harness/judge/targets.cmake), then libsim_build_info(<target>).
function(libsim_build_info target)
  set(targets_file ${PROJECT_SOURCE_DIR}/experiments/targets.csv)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${targets_file})
  file(READ ${targets_file} LIBSIM_TARGETS_CSV)
  set(source ${PROJECT_SOURCE_DIR}/libsim/harness/cli/build_info.cpp.in)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/build_info.cpp)
  configure_file(${source} ${generated} @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
