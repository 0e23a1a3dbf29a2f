/* SPDX-License-Identifier: MIT */
/* voice_files.c: recordings in, files for browsers out, by libsndfile. */
#include "lib/voice/voice_parts.h"

#include "lib/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHANNELS_MAX = 8, RATE_MIN = 8000, RATE_MAX = 192000, FRAMES_STEP = 4096 };

/* ---- recordings ------------------------------------------------------------------------------------------------------------- */

static void close_file(SNDFILE **file)
{
	if (*file)
		sf_close(*file);
}

/* All channels mixed into one. A file of floats may hold what is no number: ERR_INVALID. */
static enum err read_mixed(SNDFILE *file, const SF_INFO *info, struct voice_sound *raw)
{
	float frames[FRAMES_STEP * CHANNELS_MAX];
	for (;;) {
		sf_count_t got = sf_readf_float(file, frames, FRAMES_STEP);
		if (got <= 0)
			return ERR_OK;
		enum err error = voice_room(raw, (size_t) got);
		for (sf_count_t i = 0; i < got && !error; i++) {
			float sum = 0;
			for (int channel = 0; channel < info->channels; channel++)
				sum += frames[i * info->channels + channel];
			error = isfinite(sum) ? ERR_OK : ERR_INVALID;
			raw->samples[raw->count++] = sum / (float) info->channels;
		}
		if (error)
			return error;
	}
}

/* People record quietly, or close to the microphone: as loud as the voice, so that nobody reaches for the volume between two texts. */
static void level(float *samples, size_t count)
{
	static const float loud = 0.09F, peak_most = 0.95F; /* root mean square of the voice */
	double sum = 0;
	float peak = 0;
	for (size_t i = 0; i < count; i++) {
		sum += (double) samples[i] * (double) samples[i];
		peak = fmaxf(peak, fabsf(samples[i]));
	}
	float gain = loud / (float) sqrt(sum / (double) count);
	gain = fminf(gain, peak_most / peak);
	for (size_t i = 0; i < count; i++)
		samples[i] *= gain;
}

enum err voice_read(const char *path, struct voice_sound *sound)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) < 0)
		return file_err(errno);
	if (!S_ISREG(status.st_mode))
		return ERR_DENIED;
	SF_INFO info = {0};
	__attribute__((cleanup(close_file))) SNDFILE *file = sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
	if (!file || info.channels < 1 || info.channels > CHANNELS_MAX || info.samplerate < RATE_MIN ||
	    info.samplerate > RATE_MAX)
		return ERR_INVALID;
	CLEANUP_SOUND struct voice_sound raw = {0};
	enum err error = read_mixed(file, &info, &raw);
	size_t first = 0;
	size_t count = error ? 0 : voice_edges(raw.samples, raw.count, (size_t) info.samplerate / 20, &first);
	if (error || count == 0)
		return error ? error : ERR_INVALID;
	level(raw.samples + first, count);
	return voice_resample(raw.samples + first, count, info.samplerate, sound);
}

/* ---- files for browsers ----------------------------------------------------------------------------------------------------- */

struct memory {
	char *bytes;
	size_t length, room, at;
	bool is_failed;
};

static sf_count_t memory_length(void *context)
{
	return (sf_count_t) ((struct memory *) context)->length;
}

static sf_count_t memory_seek(sf_count_t offset, int whence, void *context)
{
	struct memory *memory = context;
	sf_count_t from = whence == SEEK_CUR   ? (sf_count_t) memory->at
			  : whence == SEEK_END ? (sf_count_t) memory->length
					       : 0;
	if (from + offset >= 0)
		memory->at = (size_t) (from + offset);
	return (sf_count_t) memory->at;
}

static sf_count_t memory_read(void *out, sf_count_t count, void *context)
{
	struct memory *memory = context;
	size_t left = memory->at < memory->length ? memory->length - memory->at : 0;
	size_t length = (size_t) count < left ? (size_t) count : left;
	if (length)
		memcpy(out, memory->bytes + memory->at, length);
	memory->at += length;
	return (sf_count_t) length;
}

static sf_count_t memory_write(const void *bytes, sf_count_t count, void *context)
{
	struct memory *memory = context;
	size_t end = memory->at + (size_t) count;
	if (end > memory->room) {
		char *grown = realloc(memory->bytes, 2 * end);
		memory->is_failed = memory->is_failed || !grown;
		if (!grown)
			return 0;
		memset(grown + memory->room, 0, 2 * end - memory->room);
		memory->bytes = grown;
		memory->room = 2 * end;
	}
	memcpy(memory->bytes + memory->at, bytes, (size_t) count);
	memory->at = end;
	memory->length = end > memory->length ? end : memory->length;
	return count;
}

static sf_count_t memory_tell(void *context)
{
	return (sf_count_t) ((struct memory *) context)->at;
}

static enum err write_samples(struct memory *memory, const struct voice_sound *sound, enum voice_format format)
{
	static const int formats[VOICE_FORMAT_COUNT] = {
		[VOICE_OPUS] = SF_FORMAT_OGG | SF_FORMAT_OPUS,
		[VOICE_MP3] = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
	};
	/* Of the range that libsndfile offers, 0 the largest: speech, some 20 and 24 kbit/s. */
	static const double levels[VOICE_FORMAT_COUNT] = {[VOICE_OPUS] = 0.95, [VOICE_MP3] = 0.9};
	SF_VIRTUAL_IO in_memory = {memory_length, memory_seek, memory_read, memory_write, memory_tell};
	SF_INFO info = {.samplerate = VOICE_RATE, .channels = 1, .format = formats[format]};
	double compression = levels[format];
	int constant = SF_BITRATE_MODE_CONSTANT;
	SNDFILE *file = sf_open_virtual(&in_memory, SFM_WRITE, &info, memory);
	if (!file)
		return ERR_IO;
	sf_command(file, SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression);
	if (format == VOICE_MP3)
		sf_command(file, SFC_SET_BITRATE_MODE, &constant, sizeof constant);
	sf_count_t written = sf_writef_float(file, sound->samples, (sf_count_t) sound->count);
	bool is_closed = sf_close(file) == 0;
	return written == (sf_count_t) sound->count && is_closed ? ERR_OK : ERR_IO;
}

enum err voice_encode(const struct voice_sound *sound, enum voice_format format, struct arena *arena, void **bytes,
		      size_t *length)
{
	struct memory memory = {0};
	enum err error = write_samples(&memory, sound, format);
	if (memory.is_failed)
		error = ERR_NOMEM;
	if (!error && (*bytes = arena_memdup(arena, memory.bytes, memory.length)) == NULL)
		error = ERR_NOMEM;
	*length = memory.length;
	free(memory.bytes);
	return error;
}
