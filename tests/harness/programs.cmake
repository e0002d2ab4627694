# Programs of the toy experiments: some promises of the harness need a process of their own. Include from the folder of
# the tests. Defines TOY_SHOP_PROGRAM, TOY_ADDRESS_ORDER_PROGRAM and TOY_LAW_PROGRAM for the target harness_tests.
function(libsim_add_toy_program name experiment)
  set(main ${CMAKE_CURRENT_BINARY_DIR}/${name}_main.cpp)
  file(CONFIGURE OUTPUT ${main} @ONLY CONTENT [[
#include "tests/harness/toy_law.hpp"
#include "tests/harness/toy_shop.hpp"

int main(int argc, char** argv) { return sim::harness::run(toy::@experiment@(), argc, argv); }
]])
  add_executable(${name} ${main} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/toy_shop.cpp
                         ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/toy_address_order.cpp
                         ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/toy_law.cpp
                         ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/harness_call.cpp)
  target_link_libraries(${name} PRIVATE libsim libsim_options)
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  string(TOUPPER ${name} macro)
  target_compile_definitions(harness_tests PRIVATE ${macro}_PROGRAM="$<TARGET_FILE:${name}>")
  add_dependencies(harness_tests ${name})
endfunction()

libsim_add_toy_program(toy_shop shop)
libsim_add_toy_program(toy_address_order address_order)
libsim_add_toy_program(toy_law law)
