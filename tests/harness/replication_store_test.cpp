#include "libsim/harness/store/replication_store.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <set>

#include "libsim/files/content_hash.hpp"
#include "tests/harness/harness_call.hpp"

using namespace sim;
using namespace sim::harness;

namespace {

namespace fs = std::filesystem;

StoreKey shop_key() {
  return {.experiment = "shop",
          .scenario = "day",
          .seed = 7,
          .parameters = {{"customers", "100"}, {"patience", "90s"}},
          .inputs = {{"arrivals", "arrivals.csv", content_hash("at\n1\n")}},
          .program = "0123456789abcdef",
          .fingerprint_of = "names"};
}

StoreKey shop_key_of_seed(std::uint64_t seed) {
  StoreKey key = shop_key();
  key.seed = seed;
  return key;
}

/// A replication that differs from those with other numbers.
Replication numbered(std::uint64_t number) {
  const double value = 0.1 * static_cast<double>(number);
  Replication replication;
  replication.totals = {.fingerprint = 0xfedcba9876543210U + number, .events = number, .virtual_time = 3s};
  replication.reports = {{"wait", "s", value, number}};
  replication.measurements = {{"main", {"till", "s", "mean", value, 1}}};
  return replication;
}

ReplicationStore opened(const StoreKey& key = shop_key()) {
  auto store = ReplicationStore::open("store", key);
  INFO((store ? std::string() : store.error().message.text()));
  REQUIRE(store);
  return std::move(*store);
}

std::string refusal_to_open(const StoreKey& key = shop_key(), const fs::path& folder = "store") {
  const auto store = ReplicationStore::open(folder, key);
  REQUIRE_FALSE(store);
  return store.error().message;
}

fs::path shop_file() { return "store" / store_file(shop_key()); }

void append_up_to(ReplicationStore& store, std::uint64_t size) {
  while (store.size() < size) {
    REQUIRE(store.append(numbered(store.size())));
  }
}

/// The content of the file with so many replications, which stays in its place.
std::string file_with(std::uint64_t size) {
  fs::remove_all("store");
  auto store = opened();
  append_up_to(store, size);
  return toy::read_file(store.path());
}

bool holds_numbered(const ReplicationStore& store, std::uint64_t size) {
  bool all = store.size() == size;
  for (std::uint64_t number = 0; number < store.size(); ++number) {
    const auto replication = store.at(number);
    all = all && replication && *replication == numbered(number);
  }
  return all;
}

/// What becomes of a store whose file has this content: it is refused and left as it is, or it gives replications as
/// they were appended, from the first one on, and says so if it mends the file. Whether all came back.
bool check_damaged(const std::string& content, const std::string& whole, std::uint64_t size) {
  toy::write_file(shop_file(), content);
  auto store = ReplicationStore::open("store", shop_key());
  if (!store) {
    REQUIRE(toy::read_file(shop_file()) == content);
    return false;
  }
  const std::uint64_t found = store->size();
  REQUIRE(found <= size);
  REQUIRE(holds_numbered(*store, found));
  REQUIRE((content.empty() || toy::read_file(shop_file()) == content || !store->note().empty()));
  append_up_to(*store, size);
  REQUIRE(toy::read_file(shop_file()) == whole);
  return found == size;
}

}  // namespace

TEST_CASE("a store gives back what was appended, at once and after it was opened again", "[replication_store]") {
  const toy::WorkingFolder here;
  {
    auto store = opened();
    CHECK(store.size() == 0);
    append_up_to(store, 3);
    CHECK(holds_numbered(store, 3));
  }
  auto store = opened();
  CHECK(holds_numbered(store, 3));
  append_up_to(store, 5);
  CHECK(holds_numbered(store, 5));
  CHECK(store.note().empty());
  CHECK(store.all().value() == std::vector{numbered(0), numbered(1), numbered(2), numbered(3), numbered(4)});
}

TEST_CASE("a store that was opened in several goes has the same bytes as one written in one go",
          "[replication_store]") {
  const toy::WorkingFolder here;
  const std::string in_one_go = file_with(6);
  file_with(2);
  for (const std::uint64_t size : {3, 3, 6}) {
    auto store = opened();
    append_up_to(store, size);
  }
  CHECK(toy::read_file(shop_file()) == in_one_go);
}

TEST_CASE("any difference in the key leads to another file", "[replication_store]") {
  std::vector<StoreKey> keys(12, shop_key());
  keys[1].experiment = "mall";
  keys[2].scenario = "night";
  keys[3].seed = 8;
  keys[4].parameters[1].second = "91s";
  keys[5].inputs[0].hash = content_hash("at\n2\n");
  keys[6].program = "0123456789abcdee";
  keys[7].fingerprint_of = "payload";
  keys[8].parameters = {{"customers", "100\",\"patience"}};
  keys[9].parameters[0].first = "customers\xff";
  keys[10].inputs[0].flag = "faults";
  keys[11].inputs[0].path = "other.csv";
  std::set<std::string> files;
  std::set<std::string> texts;
  for (const auto& key : keys) {
    files.insert(store_file(key).string());
    texts.insert(key_json(key));
  }
  CHECK(files.size() == keys.size());
  CHECK(texts.size() == keys.size());
  auto swapped = shop_key();
  std::swap(swapped.parameters[0], swapped.parameters[1]);
  CHECK(store_file(swapped) == store_file(shop_key()));
}

TEST_CASE("a scenario of any name and length has a file of its own within the store", "[replication_store]") {
  const toy::WorkingFolder here;
  for (const std::string& name :
       {std::string("../../day"), std::string(400, 'x'), std::string(), std::string("a\0b", 3)}) {
    auto key = shop_key();
    key.scenario = name;
    auto store = opened(key);
    REQUIRE(store.append(numbered(0)));
    CHECK(store.path().parent_path() == fs::path("store/01234567"));
  }
  CHECK(toy::files_here().size() == 6);  // two folders and four files
}

TEST_CASE("a store whose file ends early gives what was finished before, and goes on from there",
          "[replication_store]") {
  const toy::WorkingFolder here;
  const std::string whole = file_with(3);
  std::uint64_t before = 0;
  for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
    toy::write_file(shop_file(), whole.substr(0, bytes));
    INFO(bytes);
    const std::uint64_t size = opened().size();
    REQUIRE(size >= before);
    before = size;
    check_damaged(whole.substr(0, bytes), whole, 3);
  }
  CHECK(before == 3);
}

TEST_CASE("a bit that flips anywhere in a store is noticed", "[replication_store]") {
  const toy::WorkingFolder here;
  const std::string whole = file_with(3);
  for (std::size_t byte = 0; byte < whole.size(); ++byte) {
    for (const std::size_t bit : {std::size_t{5}, byte % 8}) {
      std::string flipped = whole;
      flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
      INFO(byte << " " << bit);
      REQUIRE_FALSE(check_damaged(flipped, whole, 3));
    }
  }
}

TEST_CASE("bytes of a store that are missing, twice there or from another store are not used", "[replication_store]") {
  const toy::WorkingFolder here;
  const auto other_key = shop_key_of_seed(8);
  {
    auto other = opened(other_key);
    append_up_to(other, 4);
  }
  const std::string foreign = toy::read_file("store" / store_file(other_key));
  const std::string whole = file_with(4);
  for (std::size_t at = 0; at < whole.size(); at += 37) {
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{64}, std::size_t{700}}) {
      INFO(at << " " << bytes);
      check_damaged(whole.substr(0, at) + whole.substr(std::min(at + bytes, whole.size())), whole, 4);
      check_damaged(whole.substr(0, at) + whole.substr(at, bytes) + whole.substr(at), whole, 4);
      check_damaged(whole.substr(0, at) + foreign.substr(std::min(at, foreign.size())), whole, 4);
    }
  }
}

TEST_CASE("a store that was repaired says what is computed again", "[replication_store]") {
  const toy::WorkingFolder here;
  std::string damaged = file_with(5);
  damaged[damaged.find("0.2")] = '1';
  toy::write_file(shop_file(), damaged);
  const auto store = opened();
  CHECK(holds_numbered(store, 2));
  CHECK_THAT(store.note(), Catch::StartsWith(shop_file().string() + ": ") &&
                               Catch::Contains("replications from number 2 on are computed again"));
  CHECK(opened(shop_key_of_seed(9)).note().empty());
}

TEST_CASE("a store of another key under the same name is refused and left as it is", "[replication_store]") {
  const toy::WorkingFolder here;
  file_with(2);
  {
    auto other = opened(shop_key_of_seed(8));
    append_up_to(other, 2);
  }
  fs::copy_file("store" / store_file(shop_key_of_seed(8)), shop_file(), fs::copy_options::overwrite_existing);
  const std::string content = toy::read_file(shop_file());
  CHECK(refusal_to_open() == shop_file().string() +
                                 ": holds replications of other settings: it was edited, or its name stands for both: "
                                 "move it away to compute them anew");
  CHECK(toy::read_file(shop_file()) == content);
}

TEST_CASE("a store is open once, until it goes", "[replication_store]") {
  const toy::WorkingFolder here;
  const std::string in_use =
      shop_file().string() +
      ": is in use: another study with the same settings is running: wait for its end, or stop it";
  {
    auto store = opened();
    CHECK(refusal_to_open() == in_use);
    auto moved = std::move(store);
    CHECK(refusal_to_open() == in_use);
    REQUIRE(moved.append(numbered(0)));
    auto night = shop_key();
    night.scenario = "night";
    CHECK(opened(night).size() == 0);
  }
  CHECK(opened().size() == 1);
}

TEST_CASE("a store that another process holds is refused until that process ends", "[replication_store]") {
  const toy::WorkingFolder here;
  file_with(1);
  const std::string file = shop_file().string();
  const auto tried_by_shell = toy::call_shell("flock --nonblock '" + file + "' true");
  REQUIRE(tried_by_shell.status == 0);
  {
    const auto store = opened();
    CHECK(toy::call_shell("flock --nonblock '" + file + "' true").status == 1);
  }
}

TEST_CASE("a process that is killed while it appends loses nothing that it finished", "[replication_store][slow]") {
  const toy::WorkingFolder here;
  for (int kill_number = 0; kill_number < 10; ++kill_number) {
    const std::uint64_t before = opened().size();
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = ReplicationStore::open("store", shop_key());
      while (store && store->append(numbered(store->size()))) {
      }
      ::_exit(1);
    }
    REQUIRE(child > 0);
    const auto grown = fs::file_size(shop_file()) + 20'000;
    while (fs::file_size(shop_file()) < grown && ::waitpid(child, nullptr, WNOHANG) == 0) {
    }
    const std::string seen = toy::read_file(shop_file());
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    const auto store = opened();
    CHECK(store.size() > before);
    CHECK(toy::read_file(shop_file()).size() >= seen.size() - 1000);
    CHECK(holds_numbered(store, store.size()));
  }
  const std::uint64_t size = opened().size();
  const std::string after_kills = toy::read_file(shop_file());
  CHECK(after_kills == file_with(size));
}

TEST_CASE("a disk that is full while a replication is appended leaves those before it, and what fits later is added",
          "[replication_store]") {
  const toy::WorkingFolder here;
  const std::string whole = file_with(4);
  file_with(2);
  auto store = opened();
  // A limit on the size of files ends a write as a full disk does: first short, then with an error.
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto on_signal = std::signal(SIGXFSZ, SIG_IGN);
  const auto size = fs::file_size(shop_file());
  for (const std::uintmax_t room : {0, 1, 100}) {
    const struct rlimit full { size + room, before.rlim_max };
    ::setrlimit(RLIMIT_FSIZE, &full);
    const auto appended = store.append(numbered(2));
    ::setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE_FALSE(appended);
    CHECK_THAT(appended.error().message, Catch::StartsWith(shop_file().string() + ": cannot be written: "));
    CHECK_THAT(appended.error().message,
               Catch::Contains(room == 0 ? "File too large" : fmt::format("only {} of ", room)));
    CHECK(fs::file_size(shop_file()) == size);
    CHECK(holds_numbered(store, 2));
  }
  std::signal(SIGXFSZ, on_signal);
  append_up_to(store, 4);
  CHECK(toy::read_file(shop_file()) == whole);
}

TEST_CASE("what stands in the way of a store is named with its path", "[replication_store]") {
  const toy::WorkingFolder here;
  toy::write_file("file", "");
  CHECK(refusal_to_open(shop_key(), "file") == "file/01234567: cannot be written: Not a directory");
  CHECK_THAT(refusal_to_open(shop_key(), "/proc/nowhere"),
             Catch::StartsWith("/proc/nowhere/01234567: cannot be written: "));
  fs::create_directories(shop_file());
  CHECK(refusal_to_open() == shop_file().string() + ": cannot be written: Is a directory");
  fs::remove(shop_file());
  REQUIRE(::mkfifo(shop_file().c_str(), 0600) == 0);
  CHECK(refusal_to_open() == shop_file().string() + ": is not a file: expected one that this program wrote, or none");
}

TEST_CASE("a replication that was changed on disk since the store was opened is an error when it is read",
          "[replication_store]") {
  const toy::WorkingFolder here;
  std::string content = file_with(3);
  const auto store = opened();
  content[content.find("0.1")] = '9';
  toy::write_file(shop_file(), content);
  CHECK(store.at(0).value() == numbered(0));
  const auto changed = store.at(1);
  REQUIRE_FALSE(changed);
  CHECK(changed.error().message ==
        shop_file().string() + ": replication 1 is damaged: the file was changed while it was in use");
  CHECK_FALSE(store.all());
}

TEST_CASE("lines longer than the block in which a file is read come back", "[replication_store]") {
  const toy::WorkingFolder here;
  auto large = numbered(1);
  large.attachments = {{"report.txt", std::string(3'000'000, 'x')}};
  {
    auto store = opened();
    append_up_to(store, 1);
    REQUIRE(store.append(large));
    append_up_to(store, 3);
  }
  const auto store = opened();
  REQUIRE(store.size() == 3);
  CHECK(store.at(1).value() == large);
  CHECK(store.at(2).value() == numbered(2));
}

TEST_CASE("the hash of bytes and of a program is BLAKE2b with 128 bits", "[replication_store]") {
  const toy::WorkingFolder here;
  // As Python has them: hashlib.blake2b(b"", digest_size=16).
  CHECK(to_text(content_hash("")) == "cae66941d9efbd404e4d88758ea67670");
  CHECK(to_text(content_hash("abc")) == "cf4ab791c62b8d2b2109c90275287816");
  toy::write_file("empty", "");
  CHECK(to_text(program_hash("empty").value()) == "cae66941d9efbd404e4d88758ea67670");
  const std::string large(200'001, 'p');
  toy::write_file("large", large);
  CHECK(program_hash("large").value() == content_hash(large));
  CHECK(program_hash("none").error().message == "none: cannot be read: No such file or directory");
  CHECK_FALSE(program_hash("."));
}
