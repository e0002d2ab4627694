# What a team gets from `cmake --install`: headers, the libraries libsim::libsim and libsim::actors, and the package
# files that make `find_package(libsim)` work. Models and experiments stay here.
include(CMakePackageConfigHelpers)

set(LIBSIM_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libsim)

install(TARGETS libsim libsim_actors EXPORT libsimTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/libsim ${CMAKE_SOURCE_DIR}/actors DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp")
install(EXPORT libsimTargets NAMESPACE libsim:: DESTINATION ${LIBSIM_PACKAGE_DIR})

configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/libsimConfig.cmake.in ${CMAKE_BINARY_DIR}/libsimConfig.cmake
                              INSTALL_DESTINATION ${LIBSIM_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/libsimConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/libsimConfig.cmake ${CMAKE_BINARY_DIR}/libsimConfigVersion.cmake
              ${CMAKE_SOURCE_DIR}/cmake/FindCAF.cmake
        DESTINATION ${LIBSIM_PACKAGE_DIR})
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
