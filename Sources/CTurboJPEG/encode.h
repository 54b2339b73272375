// Small pictures as JPEG, into memory of the caller's: nothing is written behind its end, and a picture that does not fit
// is an error like any other. As in `shim.h`, errors of the library come back by longjmp into the shim's own function.
#pragma once
#include "shim.h"

typedef struct sj_encoder {
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf escape;
} sj_encoder;

static void sj_encode_error(j_common_ptr info) { longjmp(((sj_encoder *)info->client_data)->escape, 1); }

static void sj_encode_message(j_common_ptr info, int level) {
  (void)info;
  (void)level;
}

static void sj_init_destination(j_compress_ptr info) { (void)info; }

static boolean sj_full_destination(j_compress_ptr info) {
  sj_encode_error((j_common_ptr)info);
  return FALSE;
}

static void sj_term_destination(j_compress_ptr info) { (void)info; }

// Writes `height` rows of `width` pixels of `channels` (1: gray, 3: RGB) values to `target`. Returns how many of its
// `capacity` bytes they took, or 0 where they need more or the library failed.
static inline size_t sj_encode(const unsigned char *pixels, unsigned width, unsigned height, int channels, int quality,
                               unsigned char *target, size_t capacity) {
  sj_encoder encoder;
  memset(&encoder, 0, sizeof(encoder));
  encoder.info.err = jpeg_std_error(&encoder.errors);
  encoder.errors.error_exit = sj_encode_error;
  encoder.errors.emit_message = sj_encode_message;
  encoder.info.client_data = &encoder;
  if (setjmp(encoder.escape)) {
    jpeg_destroy_compress(&encoder.info);
    return 0;
  }
  jpeg_create_compress(&encoder.info);
  encoder.destination.next_output_byte = target;
  encoder.destination.free_in_buffer = capacity;
  encoder.destination.init_destination = sj_init_destination;
  encoder.destination.empty_output_buffer = sj_full_destination;
  encoder.destination.term_destination = sj_term_destination;
  encoder.info.dest = &encoder.destination;
  encoder.info.image_width = width;
  encoder.info.image_height = height;
  encoder.info.input_components = channels;
  encoder.info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&encoder.info);
  jpeg_set_quality(&encoder.info, quality, TRUE);
  encoder.info.optimize_coding = TRUE;
  jpeg_start_compress(&encoder.info, TRUE);
  while (encoder.info.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)encoder.info.next_scanline * width * (unsigned)channels);
    jpeg_write_scanlines(&encoder.info, &row, 1);
  }
  jpeg_finish_compress(&encoder.info);
  size_t count = capacity - encoder.destination.free_in_buffer;
  jpeg_destroy_compress(&encoder.info);
  return count;
}
