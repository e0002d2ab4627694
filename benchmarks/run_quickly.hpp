#pragma once

#include <benchmark/benchmark.h>

#include <vector>

/// Runs the benchmarks of this program for a tenth of a second each: the default of half a second would be long for
/// what one reads here. Flags of other programs are passed over.
inline int run_quickly(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  char quick[] = "--benchmark_min_time=0.1";
  arguments.insert(arguments.begin() + 1, quick);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
