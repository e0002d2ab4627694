#include "libsim/harness/study/study_folder.hpp"

namespace sim::harness {

Expected<void> StudyFolder::append(const OutputFile& rows) {
  if (!folder_) {
    auto begun = FolderInWork::beside(place_.parent / place_.name);
    if (!begun) {
      return tl::unexpected(std::move(begun.error()));
    }
    folder_.emplace(std::move(*begun));
  }
  return folder_->append(rows);
}

Expected<std::filesystem::path> StudyFolder::finish(const OutputFile& last) {
  if (auto written = append(last); !written) {
    return tl::unexpected(std::move(written.error()));
  }
  // Others may have written meanwhile, so the place is looked for last.
  auto place = results_folder(place_);
  return place ? folder_->finish(*place).map([&] { return *place; }) : place;
}

}  // namespace sim::harness
