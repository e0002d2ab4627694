#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/queues/ids.hpp"
#include "libsim/kernel/port.hpp"

/// What the actors of the workflow say to each other.
namespace sim::models::workflow {

/// How much an instruction asks for.
enum class Instruction : std::uint8_t {
  remark,        ///< asks for nothing in particular: "Load test session 7"
  edit,          ///< a change of the site: "Add performance test banner"
  complex_page,  ///< "Create complex page with many components"
};

/// What an author wants, named for its whole way.
struct SessionRequest {
  MessageId session{};
  std::string client;
  Instruction instruction = Instruction::remark;

  friend bool operator==(const SessionRequest&, const SessionRequest&) = default;
};

/// Tells the author to send an e-mail now.
struct WriteEmail {
  SessionRequest request;
  friend bool operator==(const WriteEmail&, const WriteEmail&) = default;
};

struct EmailReceipt {
  bool accepted = false;
  friend bool operator==(const EmailReceipt&, const EmailReceipt&) = default;
};

struct SendEmail {
  using Reply = EmailReceipt;
  SessionRequest request;
  friend bool operator==(const SendEmail&, const SendEmail&) = default;
};

struct SessionEnded {
  bool succeeded = false;
  friend bool operator==(const SessionEnded&, const SessionEnded&) = default;
};

/// To the fleet, which finds a container, and to the container.
struct RunSession {
  using Reply = SessionEnded;
  SessionRequest request;
  friend bool operator==(const RunSession&, const RunSession&) = default;
};

/// What is logged of a session, in this order; what lies between two steps is a stage.
enum class Step : std::uint8_t { requested, stored, picked_up, began, thought, built, synced, committed, pushed };
inline constexpr std::size_t steps_count = 9;

inline constexpr std::array<std::string_view, steps_count - 1> stage_names = {
    "email_to_sqs", "sqs_to_container", "container_start", "claude_processing",
    "astro_build",  "s3_sync",          "git_commit",      "git_push"};

struct StepDone {
  MessageId session{};
  Step step = Step::requested;
  friend bool operator==(const StepDone&, const StepDone&) = default;
};

/// Whether the platform took the request.
struct RequestAnswered {
  MessageId session{};
  bool accepted = false;
  friend bool operator==(const RequestAnswered&, const RequestAnswered&) = default;
};

struct ContainerStarted {
  std::uint64_t container = 0;
  friend bool operator==(const ContainerStarted&, const ContainerStarted&) = default;
};

struct StopContainer {
  friend bool operator==(const StopContainer&, const StopContainer&) = default;
};

/// What a task has used since it was ready, and what it uses now.
struct TaskUsage {
  double busy_core_s = 0;
  double capacity_core_s = 0;
  double memory_percent = 0;
  friend bool operator==(const TaskUsage&, const TaskUsage&) = default;
};

struct ReadUsage {
  using Reply = TaskUsage;
  friend bool operator==(const ReadUsage&, const ReadUsage&) = default;
};

struct RunningTasks {
  struct Task {
    std::uint64_t container = 0;
    Port<ReadUsage> usage;
    friend bool operator==(const Task&, const Task&) = default;
  };
  std::vector<Task> tasks;
  friend bool operator==(const RunningTasks&, const RunningTasks&) = default;
};

struct DescribeTasks {
  using Reply = RunningTasks;
  friend bool operator==(const DescribeTasks&, const DescribeTasks&) = default;
};

}  // namespace sim::models::workflow
