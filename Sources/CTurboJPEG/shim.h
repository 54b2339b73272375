// libjpeg-turbo behind functions that return: a fatal error of the library leaves it by longjmp, which lands in the
// shim's own function and so never crosses a frame of Swift. Warnings are counted by what they mean.
//
// This is libjpeg's interface and not TurboJPEG's, which tells neither the kind of a warning nor the bytes used, knows no
// memory limit and wants the whole picture in memory.
#pragma once
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

enum sj_result {
  SJ_OK = 0,
  SJ_CORRUPT = 1,
  SJ_UNSUPPORTED = 2,
  SJ_MEMORY = 3,
  SJ_SCANS = 4,
};

typedef struct sj_warnings {
  // Coded data that make no sense: bad codes, a marker before the data are complete, restart markers out of order.
  unsigned corrupt;
  // Bytes left over between coded data and the next marker.
  unsigned long extraneous;
  // What harms no pixel: odd versions, colour transforms, progressions.
  unsigned harmless;
  // Where the data were being read when the first corrupt warning came.
  size_t corrupt_offset;
  char corrupt_text[JMSG_LENGTH_MAX];
} sj_warnings;

typedef struct sj_decoder {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  const unsigned char *bytes;
  size_t count;
  sj_warnings warnings;
  int scan_limit;
  int has_too_many_scans;
  // The data ended before the end marker.
  int reached_end;
  // The data ended while scans of a progressive picture, or of single components, were still to come.
  int is_incomplete;
  size_t unused;
  int error_code;
  char error_text[JMSG_LENGTH_MAX];
} sj_decoder;

static void sj_error_exit(j_common_ptr info) {
  sj_decoder *decoder = (sj_decoder *)info->client_data;
  decoder->error_code = info->err->msg_code;
  info->err->format_message(info, decoder->error_text);
  longjmp(decoder->escape, 1);
}

static void sj_emit_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  sj_decoder *decoder = (sj_decoder *)info->client_data;
  switch (info->err->msg_code) {
  case JWRN_JPEG_EOF: break;
  case JWRN_EXTRANEOUS_DATA: decoder->warnings.extraneous += (unsigned)info->err->msg_parm.i[0]; break;
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
    if (decoder->warnings.corrupt == 0) {
      info->err->format_message(info, decoder->warnings.corrupt_text);
      decoder->warnings.corrupt_offset =
          decoder->reached_end ? decoder->count : decoder->count - decoder->source.bytes_in_buffer;
    }
    if (decoder->warnings.corrupt < (1u << 30)) decoder->warnings.corrupt++;
    break;
  default:
    if (decoder->warnings.harmless < (1u << 30)) decoder->warnings.harmless++;
  }
}

static void sj_output_message(j_common_ptr info) { (void)info; }

static void sj_init_source(j_decompress_ptr info) { (void)info; }

static boolean sj_fill_input_buffer(j_decompress_ptr info) {
  static const unsigned char end[2] = {0xFF, JPEG_EOI};
  sj_decoder *decoder = (sj_decoder *)info->client_data;
  decoder->reached_end = 1;
  decoder->source.next_input_byte = end;
  decoder->source.bytes_in_buffer = 2;
  return TRUE;
}

static void sj_skip_input_data(j_decompress_ptr info, long count) {
  sj_decoder *decoder = (sj_decoder *)info->client_data;
  if (count <= 0) return;
  if ((size_t)count > decoder->source.bytes_in_buffer) {
    sj_fill_input_buffer(info);
    return;
  }
  decoder->source.next_input_byte += count;
  decoder->source.bytes_in_buffer -= (size_t)count;
}

static void sj_term_source(j_decompress_ptr info) { (void)info; }

// A file of tiny scans over a large picture would cost hours.
static void sj_watch_scans(j_common_ptr info) {
  sj_decoder *decoder = (sj_decoder *)info->client_data;
  if (decoder->info.input_scan_number > decoder->scan_limit) {
    decoder->has_too_many_scans = 1;
    longjmp(decoder->escape, 1);
  }
}

static inline int sj_failure(sj_decoder *decoder) {
  if (decoder->has_too_many_scans) return SJ_SCANS;
  switch (decoder->error_code) {
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_CCIR601_NOTIMPL:
  case JERR_FRACT_SAMPLE_NOTIMPL:
  case JERR_NOT_COMPILED: return SJ_UNSUPPORTED;
  case JERR_NO_BACKING_STORE:
  case JERR_OUT_OF_MEMORY: return SJ_MEMORY;
  default: return SJ_CORRUPT;
  }
}

// A decoder for any number of pictures, or null where there is no memory.
static inline sj_decoder *sj_create(void) { return (sj_decoder *)calloc(1, sizeof(sj_decoder)); }

static inline void sj_destroy(sj_decoder *decoder) { free(decoder); }

// Gives back what a picture took; to be called once after each `sj_start`, whatever it returned.
static inline void sj_abort(sj_decoder *decoder) { jpeg_destroy_decompress(&decoder->info); }

// Reads up to the first scan and starts the decoding at `eighths`/8 of each side; a progressive picture is read to its
// end here. `memory` bounds, in bytes, what the library may hold. With `luma` a colour picture gives its luma alone.
static inline int sj_start(sj_decoder *decoder, const unsigned char *bytes, size_t count, unsigned eighths,
                           int luma, long memory, int scan_limit) {
  decoder->bytes = bytes;
  decoder->count = count;
  memset(&decoder->warnings, 0, sizeof(decoder->warnings));
  decoder->scan_limit = scan_limit;
  decoder->has_too_many_scans = 0;
  decoder->reached_end = 0;
  decoder->is_incomplete = 0;
  decoder->unused = 0;
  decoder->error_code = 0;
  decoder->error_text[0] = 0;
  // The library keeps tables from picture to picture, so one that lacks its own would decode with those of another:
  // each picture gets a state of its own.
  memset(&decoder->info, 0, sizeof(decoder->info));
  decoder->info.err = jpeg_std_error(&decoder->errors);
  decoder->errors.error_exit = sj_error_exit;
  decoder->errors.emit_message = sj_emit_message;
  decoder->errors.output_message = sj_output_message;
  decoder->info.client_data = decoder;
  if (setjmp(decoder->escape)) return sj_failure(decoder);
  jpeg_create_decompress(&decoder->info);
  decoder->source.next_input_byte = bytes;
  decoder->source.bytes_in_buffer = count;
  decoder->source.init_source = sj_init_source;
  decoder->source.fill_input_buffer = sj_fill_input_buffer;
  decoder->source.skip_input_data = sj_skip_input_data;
  decoder->source.resync_to_restart = jpeg_resync_to_restart;
  decoder->source.term_source = sj_term_source;
  decoder->info.src = &decoder->source;
  decoder->progress.progress_monitor = sj_watch_scans;
  decoder->info.progress = &decoder->progress;
  decoder->info.mem->max_memory_to_use = memory;
  jpeg_read_header(&decoder->info, TRUE);
  decoder->info.scale_num = eighths;
  decoder->info.scale_denom = 8;
  // Smoothing would invent what a truncated progressive file lacks.
  decoder->info.do_block_smoothing = FALSE;
  switch (decoder->info.jpeg_color_space) {
  case JCS_GRAYSCALE: decoder->info.out_color_space = JCS_GRAYSCALE; break;
  case JCS_CMYK:
  case JCS_YCCK: decoder->info.out_color_space = JCS_CMYK; break;
  case JCS_YCbCr: decoder->info.out_color_space = luma ? JCS_GRAYSCALE : JCS_RGB; break;
  case JCS_RGB: decoder->info.out_color_space = JCS_RGB; break;
  default: decoder->info.out_color_space = decoder->info.jpeg_color_space;
  }
  jpeg_start_decompress(&decoder->info);
  return SJ_OK;
}

// Writes up to `limit` rows of the output from `target` on; `*written` is how many, 0 at the end.
static inline int sj_read(sj_decoder *decoder, unsigned char *target, size_t stride, unsigned limit, unsigned *written) {
  *written = 0;
  if (setjmp(decoder->escape)) return sj_failure(decoder);
  while (*written < limit && decoder->info.output_scanline < decoder->info.output_height) {
    JSAMPROW row = target + *written * stride;
    if (jpeg_read_scanlines(&decoder->info, &row, 1) != 1) break;
    (*written)++;
  }
  return SJ_OK;
}

// Reads what follows the last row up to the end marker.
static inline int sj_finish(sj_decoder *decoder) {
  if (setjmp(decoder->escape)) return sj_failure(decoder);
  int had_ended = decoder->reached_end;
  if (had_ended && decoder->info.coef_bits != NULL) {
    for (int component = 0; component < decoder->info.num_components; component++)
      for (int k = 0; k < DCTSIZE2; k++)
        if (decoder->info.coef_bits[component][k] != 0) decoder->is_incomplete = 1;
  } else if (had_ended && jpeg_has_multiple_scans(&decoder->info)) {
    decoder->is_incomplete = 1;
  }
  jpeg_finish_decompress(&decoder->info);
  decoder->unused = decoder->reached_end ? 0 : decoder->source.bytes_in_buffer;
  return SJ_OK;
}
