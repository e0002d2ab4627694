#pragma once

#include "libsim/text/quoting.hpp"

namespace sim::harness {

using sim::one_line;
using sim::one_line_bytes_max;
using sim::shell_quoted;
using sim::shown;
using sim::shown_bytes_max;
using sim::shown_path;
using sim::shown_path_bytes_max;

}  // namespace sim::harness
