#include "libsim/harness/config_hash.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>
#include <set>

namespace sim::harness {

std::string config_hash(const Configuration& configuration) {
  boost::crc_32_type checksum;
  const auto add = [&](const std::string& text) { checksum.process_bytes(text.data(), text.size()); };
  for (const auto& [name, value] : std::map(configuration.parameters.begin(), configuration.parameters.end())) {
    add(fmt::format("{}={}\n", name, value));
  }
  if (configuration.replications > 1) {
    add(fmt::format("replications={}\n", configuration.replications));
  }
  if (configuration.confidence != confidence_default) {
    add(fmt::format("confidence={}\n", configuration.confidence));
  }
  if (configuration.precision > 0) {
    add(fmt::format("precision={}\n", configuration.precision));
  }
  std::multiset<std::uint32_t> hashes;
  for (const auto& [file, hash] : configuration.input_hashes) {
    hashes.insert(hash);
  }
  for (const auto hash : hashes) {
    add(fmt::format("input={:08x}\n", hash));
  }
  return fmt::format("{:08x}", checksum.checksum());
}

}  // namespace sim::harness
