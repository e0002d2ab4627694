#include "libsim/files/content_hash.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/text/quoting.hpp"

namespace sim {

struct ContentHasher::State {
  crypto_generichash_state blake2b;
};

ContentHasher::ContentHasher() : state_(std::make_unique<State>()) {
  static const bool is_ready = ::sodium_init() >= 0;
  check(is_ready, "libsodium can be used");
  ::crypto_generichash_init(&state_->blake2b, nullptr, 0, sizeof(ContentHash::bytes));
}

ContentHasher::~ContentHasher() = default;

void ContentHasher::add(std::string_view bytes) {
  ::crypto_generichash_update(&state_->blake2b, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

ContentHash ContentHasher::hash() {
  ContentHash hash;
  ::crypto_generichash_final(&state_->blake2b, hash.bytes.data(), hash.bytes.size());
  return hash;
}

std::string to_text(const ContentHash& hash) {
  std::string text;
  for (const std::uint8_t byte : hash.bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

std::string short_text(const ContentHash& hash) {
  constexpr std::size_t digits = 8;
  return to_text(hash).substr(0, digits);
}

ContentHash content_hash(std::string_view bytes) {
  ContentHasher hasher;
  hasher.add(bytes);
  return hasher.hash();
}

Expected<ContentHash> program_hash(const std::filesystem::path& program) {
  errno = 0;
  std::ifstream file(program, std::ios::binary);
  constexpr std::size_t block_bytes = 1 << 16;
  std::vector<char> block(block_bytes);
  ContentHasher hasher;
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    hasher.add({block.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (!file.eof() || file.bad()) {
    return unexpected(fmt::format("{}: cannot be read: {}", shown_path(program.string()), std::strerror(errno)));
  }
  return hasher.hash();
}

}  // namespace sim
