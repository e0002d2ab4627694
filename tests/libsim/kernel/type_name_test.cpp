#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

namespace {

class Alarm {
 public:
  struct Ring {};
};

struct Shelf {
  template <class T>
  class Box {
   public:
    struct Put {};
    struct Get {};
  };
};

}  // namespace

TEST_CASE("names of types are the same with every compiler", "[kernel]") {
  STATIC_REQUIRE(sim::type_name<Note>() == "Note");
  STATIC_REQUIRE(sim::type_name<Alarm::Ring>() == "Alarm::Ring");  // the class stays, the anonymous namespace goes
  STATIC_REQUIRE(sim::type_name<unsigned long>() == "uint64");     // "long unsigned int" or "unsigned long"
  STATIC_REQUIRE(sim::type_name<int>() == "int32");
  STATIC_REQUIRE(sim::type_name<bool>() == "bool");
  STATIC_REQUIRE(sim::type_name<double>() == "double");
  STATIC_REQUIRE(sim::type_name<std::string>() == "basic_string");
  STATIC_REQUIRE(sim::type_name<std::vector<std::vector<long>>>() == "vector");  // "vector<vector<long int> >"
}

TEST_CASE("messages of a class template keep names of their own", "[kernel]") {
  STATIC_REQUIRE(sim::type_name<Shelf::Box<int>::Put>() == "Put");
  STATIC_REQUIRE(sim::type_name<Shelf::Box<long>::Get>() == "Get");
}
