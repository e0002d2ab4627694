#include "libsim/harness/store/replication_line.hpp"

#include <fmt/format.h>

namespace sim::harness {

namespace {

std::string checksum_part(std::string_view covered, const ContentHash& salt) {
  ContentHasher hasher;
  hasher.add(to_text(salt));
  hasher.add(covered);
  return fmt::format(R"({{"checksum":"{}",)", to_text(hasher.hash()));
}

std::string number_part(std::uint64_t number) { return fmt::format(R"("replication":{},"result":)", number); }

}  // namespace

std::string replication_line(std::uint64_t number, std::string_view result, const ContentHash& salt) {
  std::string covered = number_part(number);
  covered += result;
  covered += '}';
  return checksum_part(covered, salt) + covered + '\n';
}

std::optional<std::string_view> result_of_line(std::string_view line, std::uint64_t number, const ContentHash& salt) {
  const std::string before = number_part(number);
  const std::size_t checksum_bytes = checksum_part("", {}).size();
  if (line.size() < checksum_bytes + before.size() + 1) {
    return std::nullopt;
  }
  const std::string_view covered = line.substr(checksum_bytes);
  const bool whole = line.substr(0, checksum_bytes) == checksum_part(covered, salt);
  if (!whole || !covered.starts_with(before)) {
    return std::nullopt;
  }
  return covered.substr(before.size(), covered.size() - before.size() - 1);
}

}  // namespace sim::harness
