#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "libsim/expected.hpp"

namespace sim {

/// 128 bits that stand for bytes, the same on every machine. Nobody can make other bytes with the same ones, so that a
/// file with the hash of another is that file.
struct ContentHash {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const ContentHash&, const ContentHash&) = default;  // NOLINT(modernize-use-nullptr)
};

/// 32 hexadecimal digits in lower case.
[[nodiscard]] std::string to_text(const ContentHash& hash);

/// As much of a hash as the name of a folder has: eight hexadecimal digits.
[[nodiscard]] std::string short_text(const ContentHash& hash);

/// Source: BLAKE2b with a digest of 16 bytes, RFC 7693, as libsodium has it.
[[nodiscard]] ContentHash content_hash(std::string_view bytes);

/// The same for bytes that come in parts.
class ContentHasher {
 public:
  ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;
  ~ContentHasher();

  void add(std::string_view bytes);

  /// Of all parts so far. Asked once, at the end.
  [[nodiscard]] ContentHash hash();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The hash of an executable file: two programs with the same one compute the same. The error is one line that begins
/// with the path.
[[nodiscard]] Expected<ContentHash> program_hash(const std::filesystem::path& program);

}  // namespace sim
