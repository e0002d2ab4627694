#include "actors/containers/working_tree.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;
using Steps = std::vector<GitStep>;

TEST_CASE("a branch is fetched once per container", "[working_tree]") {
  WorkingTree tree{{}};
  REQUIRE(tree.begin_fetch(SessionId{1}));
  REQUIRE(tree.begin_fetch(SessionId{2}));
  REQUIRE_FALSE(tree.begin_fetch(SessionId{1}));
}

TEST_CASE("a switch to another session is a checkout", "[working_tree]") {
  WorkingTree tree{{}};
  tree.switched_to(SessionId{1});
  tree.switched_to(SessionId{2});
  REQUIRE(tree.plan_switch(SessionId{1}) == Steps{GitStep::checkout});
}

TEST_CASE("staying with a session costs nothing and is no switch", "[working_tree]") {
  WorkingTree tree{{}};
  tree.switched_to(SessionId{1});
  REQUIRE(tree.plan_switch(SessionId{1}).empty());
  tree.switched_to(SessionId{1});
  REQUIRE(tree.switches_count() == 1);
}

TEST_CASE("uncommitted changes are put aside before a switch", "[working_tree]") {
  WorkingTree tree{{}};
  tree.switched_to(SessionId{1});
  tree.mark_changed();
  REQUIRE(tree.plan_switch(SessionId{2}) == Steps{GitStep::stash, GitStep::checkout});
  tree.mark_committed();
  REQUIRE(tree.plan_switch(SessionId{2}) == Steps{GitStep::checkout});
}

TEST_CASE("without the cache every switch asks git for its status first", "[working_tree]") {
  WorkingTree tree{{.cache_git_status = false}};
  tree.switched_to(SessionId{1});
  tree.switched_to(SessionId{2});
  REQUIRE(tree.plan_switch(SessionId{1}) == Steps{GitStep::status, GitStep::checkout});
}
