#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/random/stream.hpp"

namespace attack {

/// A file that programs read, in a form that is right.
struct AttackedFile {
  std::string name;     ///< within the folder of the inputs
  std::string content;  ///< short
};

/// One of each kind: arrivals, settings, targets, faults, a network, times, samples, and a trace for each component.
[[nodiscard]] const std::vector<AttackedFile>& good_files();

/// Writes all of them into a folder, most of them mutated, beside a folder, a link to a file and a link to itself.
void write_inputs(const std::filesystem::path& folder, sim::RandomStream& random);

}  // namespace attack
