#include "models/cold_start_parameters.hpp"

namespace sim::models {

void describe_cold_start(harness::Parameters& parameters, policies::ColdStartTimes& times) {
  parameters.add("start.placement", times.placement)
      .meaning("find a host and attach the network interface")
      .source("Amazon ECS guide: the interface alone adds several seconds");
  parameters.add("start.image_pull_per_100mb", times.image_pull_per_100mb)
      .meaning("download and unpack 100 MB of image")
      .source("16 MB/s; published measurements of small tasks give 10 MB/s (413 MB in 76 % of 57 s)");
  parameters.add("start.dependency_install", times.dependency_install)
      .meaning("npm ci, when packages are not in the image")
      .source("assumed");
  parameters.add("start.compile", times.compile)
      .meaning("compile, when the image is not precompiled")
      .source("assumed");
  parameters.add("start.git", times.git).meaning("clone the repository, set up the work tree").source("assumed");
  parameters.add("start.web_server", times.web_server).meaning("start the preview server").source("assumed");
  parameters.add("start.queue_connections", times.queue_connections)
      .meaning("resolve and connect the queues and services")
      .source("assumed");
}

}  // namespace sim::models
