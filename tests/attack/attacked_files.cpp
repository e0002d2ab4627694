#include "tests/attack/attacked_files.hpp"

#include "tests/attack/hostile.hpp"
#include "tests/attack/scratch.hpp"

namespace attack {

namespace fs = std::filesystem;

const std::vector<AttackedFile>& good_files() {
  static const std::vector<AttackedFile> files{
      {"arrivals.csv",
       "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,374,44\n"
       "2023-11-16 18:17:04.0319600,396,109\n2023-11-16 18:17:05.5,879,55\n"},
      {"settings.ini", "# settings\nseed = 3\nquiet = on\n"},
      {"targets.csv",
       "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
       "queueing,station,utilisation,percent,<,90,95,\"a, b\",share of busy servers\n"
       "sessions,load,message_time_p99,s,<,15,20,somebody,all messages\n"},
      {"faults.csv",
       "time,target,fault,parameters,duration\n10s,worker,kill,,\n30,database,slow,factor=3 delay=50ms,90s\n"},
      {"network.csv",
       "station,servers,discipline,service,arrival,next\ndesk,1,fifo,exponential(1s),exponential(1.25s),archive 0.4\n"
       "archive,2,ps,\"uniform(0s, 2s)\",,\n"},
      {"times.csv", "time\n0.4\n400ms\n1.25\n0.5\n"},
      {"data.csv", "value\n250ms\n1.5\n0.25\n"},
      {"cache.csv", "time_s,op,key\n0,put,a\n1,get,a\n40,get,a\n"},
      {"connection_pool.csv", "time_s,hold_s\n0,1\n0.5,2\n3,1\n"},
      {"rate_limiter.csv", "time_s,permits\n0,1\n0.5,2\n3,1\n"},
      {"circuit_breaker.csv", "time_s,outcome,duration_s\n0,fail,0.1\n0.5,ok,0.2\n3,timeout,1\n"},
      {"bulkhead.csv", "time_s,duration_s\n0,1\n0.5,2\n"}};
  return files;
}

void write_inputs(const fs::path& folder, sim::RandomStream& random) {
  for (const auto& [name, content] : good_files()) {
    write_file(folder / name, random.chance(0.5) ? mutated_file(content, random) : content);
  }
  fs::create_directory(folder / "folder");
  fs::create_symlink("arrivals.csv", folder / "link.csv");
  fs::create_symlink("loop.csv", folder / "loop.csv");
}

}  // namespace attack
