#include "CSentencePiece.h"

#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include <sentencepiece_processor.h>

// Not in an installed header.
namespace sentencepiece::logging {
void SetMinLogLevel(int level);
}

struct csp_model {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {
void say(char *message, size_t capacity, const char *words) {
  if (capacity == 0) return;
  std::strncpy(message, words, capacity - 1);
  message[capacity - 1] = 0;
}
}  // namespace

csp_model *csp_load(const uint8_t *bytes, size_t length, char *message, size_t capacity) {
  csp_model *model = nullptr;
  try {
    // The library writes what it finds odd to standard error; only fatal errors are left.
    sentencepiece::logging::SetMinLogLevel(3);
    model = new csp_model;
    const auto status = model->processor.LoadFromSerializedProto(
        absl::string_view(reinterpret_cast<const char *>(bytes), length));
    if (status.ok()) return model;
    say(message, capacity, status.error_message());
  } catch (const std::exception &error) {
    say(message, capacity, error.what());
  } catch (...) {
    say(message, capacity, "not a model");
  }
  delete model;
  return nullptr;
}

void csp_free(csp_model *model) { delete model; }

int32_t csp_size(const csp_model *model) { return model->processor.GetPieceSize(); }

const char *csp_piece(const csp_model *model, int32_t id, size_t *length) {
  if (id < 0 || id >= csp_size(model)) return nullptr;
  const std::string &piece = model->processor.IdToPiece(id);
  *length = piece.size();
  return piece.data();
}

int32_t csp_id(const csp_model *model, const char *piece, size_t length) {
  try {
    const absl::string_view wanted(piece, length);
    const int id = model->processor.PieceToId(wanted);
    if (id < 0 || id >= csp_size(model)) return -1;
    return model->processor.IdToPiece(id) == std::string(piece, length) ? id : -1;
  } catch (...) {
    return -1;
  }
}

int32_t csp_kind(const csp_model *model, int32_t id) {
  if (id < 0 || id >= csp_size(model)) return 0;
  return model->processor.IsControl(id) ? 1 : model->processor.IsUnknown(id) ? 2 : 0;
}

ptrdiff_t csp_encode(const csp_model *model, const char *text, size_t length, uint32_t *ids, size_t capacity) {
  try {
    std::vector<int> found;
    const auto status = model->processor.Encode(absl::string_view(text, length), &found);
    if (!status.ok()) return -1;
    for (size_t index = 0; index < found.size() && index < capacity; ++index) {
      ids[index] = static_cast<uint32_t>(found[index]);
    }
    return static_cast<ptrdiff_t>(found.size());
  } catch (...) {
    return -1;
  }
}
