#pragma once

namespace sim {

/// e^x within two units in the last place, from IEEE additions and multiplications only; infinity above 709 and 0 below
/// -708.
///
/// The C library's exp picks another implementation on a processor with fused multiply-add, and 7 of 10,000 results
/// then differ in their last bit. That is enough to move a draw by a nanosecond, once in some billion draws, and a run
/// with it. These two functions give the same bits everywhere.
[[nodiscard]] double portable_exp(double x);

/// The natural logarithm within two units in the last place, by the same means. `x` is a positive normal number.
[[nodiscard]] double portable_log(double x);

}  // namespace sim
