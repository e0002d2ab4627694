#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libsim/files/content_hash.hpp"
#include "libsim/files/input_files.hpp"

namespace sim::harness {

/// The folder of a store within that of an experiment's results.
inline constexpr const char* store_name = "store";

/// What makes two replications with the same number interchangeable: all that a replication depends on.
struct StoreKey {
  std::string experiment;
  std::string scenario;
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> parameters = {};  ///< all of them, name and value, in any order
  std::vector<InputHash> inputs = {};                                ///< each file that was read, in any order
  std::string program;         ///< hash of the executable: at least 8 hexadecimal digits in lower case (asserted)
  std::string fingerprint_of;  ///< `names` or `payload`
  std::string detail = "all";  ///< what is kept of each replication: `all` or `reports`

  friend bool operator==(const StoreKey&, const StoreKey&) = default;
};

/// The key as JSON on one line, for the head of its file. Two keys have the same text only when they are equal, apart
/// from the order of parameters and files.
[[nodiscard]] std::string key_json(const StoreKey& key);

/// A hash of all of the key.
[[nodiscard]] ContentHash key_hash(const StoreKey& key);

/// Where the replications of a key lie within a store: `PROGRAM/SCENARIO-seedSEED-HASH.jsonl`, with the first 8 digits
/// of the program. What could not stand in a file name is `_` in the scenario; the hash tells such keys apart.
[[nodiscard]] std::filesystem::path store_file(const StoreKey& key);

}  // namespace sim::harness
