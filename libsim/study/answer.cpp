#include "libsim/study/answer.hpp"

namespace sim::study {

std::string_view to_text(Answer answer) {
  switch (answer) {
    case Answer::yes:
      return "yes";
    case Answer::no:
      return "no";
    case Answer::undecided:
      break;
  }
  return "undecided";
}

}  // namespace sim::study
