#pragma once
#include <stddef.h>
#include <stdint.h>

// SentencePiece behind a C interface: no exception leaves it. A model is immutable and may be shared between threads.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csp_model csp_model;

// Null where the bytes are no model; then `message` holds why, cut to `capacity` with its final zero.
csp_model *csp_load(const uint8_t *bytes, size_t length, char *message, size_t capacity);
void csp_free(csp_model *model);

int32_t csp_size(const csp_model *model);
// The bytes of a piece, valid as long as the model; its length by `length`. Null for no id.
const char *csp_piece(const csp_model *model, int32_t id, size_t *length);
// -1 for what is no piece.
int32_t csp_id(const csp_model *model, const char *piece, size_t length);
// 0 ordinary, 1 control, 2 unknown.
int32_t csp_kind(const csp_model *model, int32_t id);

// The number of tokens of a text, -1 where there is no memory; of them the first `capacity` are written to `ids`.
ptrdiff_t csp_encode(const csp_model *model, const char *text, size_t length, uint32_t *ids, size_t capacity);

#ifdef __cplusplus
}
#endif
