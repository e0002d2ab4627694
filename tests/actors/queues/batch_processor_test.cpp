#include "actors/queues/batch_processor.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

using namespace sim::policies;

TEST_CASE("messages are grouped by session in the order of arrival", "[batch_processor]") {
  using Message = std::pair<char, int>;
  const std::vector<Message> messages = {{'b', 1}, {'a', 2}, {'b', 3}, {'a', 4}};
  const auto groups = group_by_session(messages, [](const Message& message) { return message.first; });
  REQUIRE(groups.size() == 2);
  REQUIRE(groups[0] == std::pair{'b', std::vector<Message>{{'b', 1}, {'b', 3}}});
  REQUIRE(groups[1] == std::pair{'a', std::vector<Message>{{'a', 2}, {'a', 4}}});
}

TEST_CASE("grouping loses, doubles and reorders nothing within a session", "[batch_processor][property]") {
  REQUIRE(rc::check("grouping", [](const std::vector<std::uint8_t>& sessions) {
    std::vector<std::pair<int, std::size_t>> messages;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      messages.emplace_back(sessions[i] % 5, i);
    }
    std::size_t grouped = 0;
    for (const auto& [session, group] : group_by_session(messages, [](const auto& message) { return message.first; })) {
      grouped += group.size();
      for (std::size_t i = 0; i < group.size(); ++i) {
        RC_ASSERT(group[i].first == session);
        RC_ASSERT((i == 0 || group[i - 1].second < group[i].second));
      }
    }
    RC_ASSERT(grouped == messages.size());
  }));
}
