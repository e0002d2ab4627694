# Sourced by ./dev and the scripts beside this file: packages, quiet builds, and messages.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$ROOT/build
JOBS=$(nproc)

PACKAGES_TO_BUILD=(g++ cmake ninja-build libcaf-dev libboost-program-options-dev libboost-dev catch2 libfccp-dev
  nlohmann-json3-dev libfmt-dev libpcg-cpp-dev libxxhash-dev libexpected-dev libbenchmark-dev librapidcheck-dev
  libmuparser-dev libsodium-dev)
PACKAGES_TO_CHECK=(clang libclang-rt-dev clang-format clang-tidy)

# Exit statuses of this tool. An experiment that ran exits with its own: 0, 1, 2, 3 or 4.
readonly USAGE=2 BUILD_FAILED=3

note() { printf '%s\n' "$*" >&2; }

die() {
  local status=$1
  shift
  note "dev: $*"
  exit "$status"
}

# --- packages ---------------------------------------------------------------------------------------------------------

missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

# One query is enough in the usual case, where nothing is missing.
all_installed() {
  local count
  count=$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null | grep -cx installed) || true
  [[ $count -ge $# ]]
}

# Runs a command as root. Fails without a prompt where no one could answer it.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif [[ -t 0 ]]; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

may_install() {
  command -v apt-get >/dev/null || return 1
  [[ $(id -u) == 0 ]] && return 0
  command -v sudo >/dev/null || return 1
  [[ -t 0 ]] || sudo -n true 2>/dev/null
}

install_packages() {
  local log=$BUILD/logs/apt.log
  mkdir -p "$BUILD/logs"
  note "Installing Debian packages: $*"
  if ! { as_root apt-get update -q &&
    as_root apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die $USAGE "apt-get failed (whole output: $log). Needed packages: $*"
  fi
}

# Makes sure that the given Debian packages are there; where it may not install them, says which are needed.
need_packages() {
  [[ -z ${LIBSIM_SKIP_PACKAGES:-} ]] || return 0
  if command -v dpkg-query >/dev/null && all_installed "$@"; then
    return 0
  fi
  local missing=("$@")
  if command -v dpkg-query >/dev/null; then
    mapfile -t missing < <(missing_packages "$@")
  fi
  if ! may_install; then
    note "dev: these Debian packages are missing, and installing them takes root or sudo:"
    note "  apt-get install ${missing[*]}"
    note "Where they are installed in another way, set LIBSIM_SKIP_PACKAGES=1."
    exit $USAGE
  fi
  install_packages "${missing[@]}"
}

# --- building ---------------------------------------------------------------------------------------------------------

# Passes the compiler's messages on and turns ninja's progress into one line, on a terminal only.
show_progress() {
  if [[ -t 2 && -z ${CI:-} ]]; then
    awk -v what="$1" '
      match($0, /^\[[0-9]+\/[0-9]+\]/) { printf "\r\033[K%s %s", what, substr($0, 1, RLENGTH) > "/dev/stderr"; fflush(); next }
      END { printf "\r\033[K" > "/dev/stderr" }'
  else
    cat >/dev/null
  fi
}

configure() {
  local preset=$1 dir=$BUILD/$1 log=$BUILD/logs/$1-configure.log
  if [[ -f $dir/build.ninja && $dir/build.ninja -nt $ROOT/CMakePresets.json ]]; then
    return 0
  fi
  mkdir -p "$BUILD/logs"
  if ! cmake -S "$ROOT" --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    die $BUILD_FAILED "the configuration of build/$preset failed"
  fi
  # CMake leaves the file alone when nothing in it changed; its date is what the question above asks for.
  touch "$dir/build.ninja"
}

# build PRESET [TARGET…]: configures when needed and builds, quietly unless it fails.
build() {
  local preset=$1 log=$BUILD/logs/$1.log first=
  shift
  [[ -f $BUILD/$preset/build.ninja ]] || first=yes
  configure "$preset"
  [[ -z $first ]] || note "Building build/$preset for the first time; this takes a few minutes."
  if ! cmake --build "$BUILD/$preset" --parallel "$JOBS" --target "${@:-all}" 2>&1 | tee "$log" |
    show_progress "building build/$preset"; then
    grep -v '^\[[0-9]*/[0-9]*\]' "$log" | head -n 200 >&2 || true
    die $BUILD_FAILED "the build of build/$preset failed (whole output: $log)"
  fi
}

# run_ctest PRESET [flags]: without flags of one's own, passed tests are counted, not listed. Fails with status 1.
run_ctest() {
  local preset=$1
  shift
  cd "$ROOT"
  if [[ $# -gt 0 ]]; then
    ctest --preset "$preset" --parallel "$JOBS" "$@" || return 1
  else
    ctest --preset "$preset" --parallel "$JOBS" |
      awk '!/^ +Start +[0-9]+: / && !/^ *[0-9]+\/[0-9]+ Test +#.* Passed /' || return 1
  fi
}

# --- the tree ---------------------------------------------------------------------------------------------------------

# Names of the experiments, one per line.
experiments() {
  find "$ROOT/experiments" -maxdepth 1 -name '*.cpp' -printf '%f\n' | sed 's/\.cpp$//' | LC_ALL=C sort
}

# Those of them that have scenarios and targets; the others are tools.
experiments_with_scenarios() {
  local name
  for name in $(experiments); do
    if grep -q 'libsim/harness/run/runner\.hpp' "$ROOT/experiments/$name.cpp"; then
      printf '%s\n' "$name"
    fi
  done
}

# All C++ files below the given folder (default: the project's), relative to it, one per line.
cpp_files() (
  cd "${1:-$ROOT}"
  find . -type d \( -name build -o -name .git -o -name results \) -prune -o \
    -type f \( -name '*.hpp' -o -name '*.cpp' \) -printf '%P\n' | LC_ALL=C sort
)
