#include "tests/attack/studies.hpp"

#include "tests/attack/crc32.hpp"
#include "tests/attack/hostile.hpp"

namespace attack {

namespace {

using Texts = std::vector<std::string>;

Program program_of(const std::filesystem::path& binaries, Texts words, sim::RandomStream& random) {
  Program program{.file = binaries / words.front(), .arguments = {words.begin() + 1, words.end()}, .folder = {}};
  program.arguments.insert(program.arguments.end(),
                           {"--out", "out", "--seed", std::to_string(1 + random.below(1'000'000))});
  return program;
}

/// Two traces of arrivals with the same CRC-32.
Texts forged_arrivals() {
  const std::string header = "TIMESTAMP,ContextTokens,GeneratedTokens,note\n";
  const std::string some = header + "0,374,44,\n0.5,396,109,\n1.2,879,55,\n2,91,16,aaaa\n";
  const std::string others = header + "0,374,44,\n30,3960,1090,\n61,8790,550,\n95,910,160,";
  return {some, others + forged_word(others, "\n", crc32_of(some)) + "\n"};
}

Texts forged_networks() {
  const std::string header = "station,servers,discipline,service,arrival,next\n";
  const std::string some = header + "desk,1,fifo,exponential(1s),exponential(1.25s),\n";
  const std::string front = header + "desk,1,fifo,exponential(3s),exponential(9s),\n";
  const std::string back = ",1,fifo,exponential(1s),,\n";
  return {some, front + forged_word(front, back, crc32_of(some)) + back};
}

}  // namespace

Program some_study(const std::filesystem::path& binaries, sim::RandomStream& random) {
  static const std::vector<Texts> studies{
      {"queueing", "--scenario", "station", "--measured_jobs", "300", "--replications", "30"},
      {"queueing", "--scenario", "network", "--measured_jobs", "300", "--replications", "20"},
      {"queueing", "--scenario", "station", "--measured_jobs", "300", "--sweep", "servers=1,2,3", "--replications",
       "8"},
      {"queueing", "--scenario", "station", "--measured_jobs", "300", "--compare", "servers=1,2", "--replications",
       "12"},
      {"queueing", "--scenario", "station", "--measured_jobs", "300", "--find-min", "servers", "--sweep",
       "servers=1,2,3,4", "--subject-to", "wait_mean<3 s", "--replications-max", "30"},
      {"queueing", "--scenario", "station", "--measured_jobs", "300", "--sensitivity", "one-at-a-time", "--sweep",
       "servers=1:4", "--replications", "6"},
      {"queueing", "--scenario", "station", "--measured_jobs", "300", "--precision", "0.3", "--replications-max", "30"},
      {"queueing", "--replications", "4", "--measured_jobs", "200"},
      {"sessions", "--scenario", "load", "--replications", "8"},
      {"stress", "--scenario", "lru_cache", "--replications", "6"},
      {"resilience", "--scenario", "compensation", "--replications", "4"},
      {"value_tree", "--replications", "4"}};
  return program_of(binaries, one_of(studies, random), random);
}

StudyOfFile some_study_of_a_file(const std::filesystem::path& binaries, sim::RandomStream& random) {
  static const Texts times{"time\n0.4\n1.2\n0.5\n1.7\n0.2\n1.6\n", "time\n4\n12\n5\n17\n2\n16\n"};
  static const Texts settings{"servers = 1\nmeasured_jobs = 400\n", "servers = 3\nmeasured_jobs = 300\n"};
  static const Texts targets{
      "experiment,scenario,metric,unit,op,target,critical,source,definition\nqueueing,station,wait_mean,s,<,100,,,\n",
      "experiment,scenario,metric,unit,op,target,critical,source,definition\nqueueing,station,wait_mean,s,<,0.1,,,\n"};
  static const Texts samples{"value\n0.4\n1.2\n0.5\n", "value\n0.1\n0.2\n0.05\n"};
  struct Reading {
    Texts words;
    Texts contents;
  };
  static const std::vector<Reading> readings{
      {{"queueing", "--scenario", "network", "--network", "in.csv", "--measured_jobs", "400"}, forged_networks()},
      {{"queueing", "--scenario", "trace", "--interarrivals", "in.csv"}, times},
      {{"queueing", "--scenario", "trace", "--services", "in.csv"}, times},
      {{"queueing", "--scenario", "station", "--config", "in.csv"}, settings},
      {{"queueing", "--scenario", "station", "--measured_jobs", "400", "--targets", "in.csv"}, targets},
      {{"queueing", "--scenario", "station", "--measured_jobs", "400", "--service", "empirical(in.csv, value)"},
       samples},
      {{"sessions", "--scenario", "hourly", "--arrivals", "in.csv"}, forged_arrivals()}};
  const Reading& reading = one_of(readings, random);
  StudyOfFile study{program_of(binaries, reading.words, random), "in.csv", reading.contents};
  study.program.arguments.insert(study.program.arguments.end(), {"--replications", "12"});
  return study;
}

}  // namespace attack
