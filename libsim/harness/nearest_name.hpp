#pragma once

#include "libsim/text/nearest_name.hpp"

namespace sim::harness {

using sim::did_you_mean;
using sim::nearest_name;

}  // namespace sim::harness
