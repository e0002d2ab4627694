#include "tests/attack/crc32.hpp"

#include <boost/crc.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

namespace attack {

namespace {

constexpr std::size_t letters = 64;  // twice as many unknowns as equations: there is always a solution

}  // namespace

std::uint32_t crc32_of(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

std::string forged_word(std::string_view before, std::string_view after, std::uint32_t wanted) {
  std::string word(letters, 'a');
  const auto crc_of = [&](const std::string& middle) {
    return crc32_of(std::string(before) + middle + std::string(after));
  };
  // To write c in place of a at one place changes the same bits of the checksum, whatever else is changed.
  const std::uint32_t plain = crc_of(word);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> basis;  // changed bits, and the places that change them
  for (std::size_t place = 0; place < letters; ++place) {
    word[place] = 'c';
    std::uint32_t bits = crc_of(word) ^ plain;
    word[place] = 'a';
    std::uint64_t places = std::uint64_t{1} << place;
    for (const auto& [known_bits, known_places] : basis) {
      if ((bits ^ known_bits) < bits) {
        bits ^= known_bits;
        places ^= known_places;
      }
    }
    if (bits != 0) {
      basis.emplace_back(bits, places);
    }
  }
  std::uint32_t missing = plain ^ wanted;
  std::uint64_t chosen = 0;
  for (const auto& [bits, places] : basis) {
    if ((missing ^ bits) < missing) {
      missing ^= bits;
      chosen ^= places;
    }
  }
  for (std::size_t place = 0; place < letters; ++place) {
    word[place] = (chosen >> place & 1U) != 0 ? 'c' : 'a';
  }
  if (crc_of(word) != wanted) {
    throw std::runtime_error("the checksum could not be forged");
  }
  return word;
}

}  // namespace attack
