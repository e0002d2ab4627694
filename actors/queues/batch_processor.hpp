#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace sim::policies {

/// Groups messages by session, as the batch processor of the platform does: groups in the order of their first message,
/// each group in the order of arrival. `session_of(message)` tells the session.
template <class Message, class SessionOf>
[[nodiscard]] auto group_by_session(const std::vector<Message>& messages, SessionOf session_of) {
  using Session = std::decay_t<decltype(session_of(messages.front()))>;
  std::vector<std::pair<Session, std::vector<Message>>> groups;
  for (const Message& message : messages) {
    const Session session = session_of(message);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& entry) { return entry.first == session; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {session, {}});
    }
    group->second.push_back(message);
  }
  return groups;
}

}  // namespace sim::policies
