#include "libsim/random/stream.hpp"

#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sim {

namespace {

using Wide = pcg_extras::pcg128_t;

/// Little-endian on every machine, so that the hash does not depend on it.
void append_number(std::string& bytes, std::uint64_t number) {
  for (int byte = 0; byte < 8; ++byte) {
    bytes.push_back(static_cast<char>(number >> (8 * byte) & 0xff));
  }
}

/// The length in front keeps ("ab", "c") and ("a", "bc") apart.
void append_text(std::string& bytes, std::string_view text) {
  append_number(bytes, text.size());
  bytes.append(text);
}

std::string encode(const StreamKey& key) {
  std::string bytes;
  append_number(bytes, key.seed);
  append_number(bytes, key.replication);
  append_text(bytes, key.actor);
  append_number(bytes, key.incarnation);
  append_text(bytes, key.purpose);
  return bytes;
}

Wide hash(const std::string& bytes, std::uint64_t salt) {
  const auto digest = XXH3_128bits_withSeed(bytes.data(), bytes.size(), salt);
  return (Wide(digest.high64) << 64) | Wide(digest.low64);
}

pcg64 seeded_engine(const StreamKey& key) {
  constexpr std::uint64_t state_salt = 0;
  constexpr std::uint64_t increment_salt = 1;
  const auto bytes = encode(key);
  return pcg64(hash(bytes, state_salt), hash(bytes, increment_salt));
}

}  // namespace

RandomStream::RandomStream(const StreamKey& key) : engine_(seeded_engine(key)) {}

}  // namespace sim
