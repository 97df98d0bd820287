/* SPDX-License-Identifier: GPL-2.0-only */
/* The only user of zlib, and the only second thread; see compressor.h. */
#include "compressor.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A capture must keep up with its packets: levels that search longer cost it more than disk. */
#define LEVEL Z_BEST_SPEED
/* zlib: the largest window, and 16 for a gzip header. */
#define WINDOW_BITS (15 + 16)
#define MEMORY_LEVEL 8
/* What becomes of less, such as a head, tells nothing of other packets. */
#define TELLING_BYTES (64u << 10)

struct compressor {
	pthread_t thread;
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t has_job;
	pthread_cond_t has_done;
	struct compressor_job *first, **end; /* a queue */
	bool is_running, is_stopping;
	uint64_t taken_bytes, made_bytes; /* of telling jobs; atomic */
	z_stream stream;                  /* the thread's */
};

/* The next job, or NULL when there will be none. */
static struct compressor_job *take_job(struct compressor *compressor)
{
	struct compressor_job *job;

	pthread_mutex_lock(&compressor->mutex);
	while (!compressor->first && !compressor->is_stopping)
		pthread_cond_wait(&compressor->has_job, &compressor->mutex);
	job = compressor->first;
	if (job) {
		compressor->first = job->next;
		if (!compressor->first)
			compressor->end = &compressor->first;
	}
	pthread_mutex_unlock(&compressor->mutex);
	return job;
}

static void compress_job(struct compressor *compressor, struct compressor_job *job)
{
	z_stream *stream = &compressor->stream;
	size_t room = compressor_bound(job->input_bytes);
	int result;

	deflateReset(stream);
	stream->next_in = (Bytef *)job->input;
	stream->avail_in = (uInt)job->input_bytes;
	stream->next_out = job->output;
	stream->avail_out = (uInt)room;
	result = deflate(stream, Z_FINISH);
	assert(result == Z_STREAM_END);
	(void)result;
	job->output_bytes = room - stream->avail_out;
	if (job->input_bytes < TELLING_BYTES)
		return;
	__atomic_fetch_add(&compressor->made_bytes, job->output_bytes, __ATOMIC_RELAXED);
	__atomic_fetch_add(&compressor->taken_bytes, job->input_bytes, __ATOMIC_RELAXED);
}

static void *run(void *argument)
{
	struct compressor *compressor = argument;
	struct compressor_job *job;

	pthread_mutex_lock(&compressor->mutex);
	compressor->is_running = true;
	pthread_cond_signal(&compressor->has_done);
	pthread_mutex_unlock(&compressor->mutex);
	while ((job = take_job(compressor))) {
		compress_job(compressor, job);
		pthread_mutex_lock(&compressor->mutex);
		__atomic_store_n(&job->is_done, true, __ATOMIC_RELEASE);
		pthread_cond_signal(&compressor->has_done);
		pthread_mutex_unlock(&compressor->mutex);
	}
	return NULL;
}

/* What the C library has to do in a new thread takes calls that are to be given up. */
static void wait_for_thread(struct compressor *compressor)
{
	pthread_mutex_lock(&compressor->mutex);
	while (!compressor->is_running)
		pthread_cond_wait(&compressor->has_done, &compressor->mutex);
	pthread_mutex_unlock(&compressor->mutex);
}

/* Signals are the other thread's. */
static int start_thread(struct compressor *compressor)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&compressor->thread, NULL, run, compressor);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -error;
}

int compressor_start(struct compressor **ret_compressor, struct error *reterr)
{
	struct compressor *compressor = calloc(1, sizeof(*compressor));
	int error;

	if (!compressor)
		return error_set(reterr, -ENOMEM, "out of memory");
	compressor->end = &compressor->first;
	pthread_mutex_init(&compressor->mutex, NULL);
	pthread_cond_init(&compressor->has_job, NULL);
	pthread_cond_init(&compressor->has_done, NULL);
	if (deflateInit2(&compressor->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		free(compressor);
		return error_set(reterr, -ENOMEM, "out of memory");
	}
	error = start_thread(compressor);
	if (error) {
		deflateEnd(&compressor->stream);
		free(compressor);
		return error_set(reterr, error, "cannot start the thread that compresses: %s",
				 strerror(-error));
	}
	wait_for_thread(compressor);
	*ret_compressor = compressor;
	return 0;
}

void compressor_stop(struct compressor *compressor)
{
	if (!compressor)
		return;
	pthread_mutex_lock(&compressor->mutex);
	compressor->is_stopping = true;
	pthread_cond_signal(&compressor->has_job);
	pthread_mutex_unlock(&compressor->mutex);
	pthread_join(compressor->thread, NULL);
	deflateEnd(&compressor->stream);
	pthread_cond_destroy(&compressor->has_done);
	pthread_cond_destroy(&compressor->has_job);
	pthread_mutex_destroy(&compressor->mutex);
	free(compressor);
}

size_t compressor_bound(size_t input_bytes)
{
	/* zlib's, with which the gzip header is larger by 12 bytes than zlib's own. */
	return compressBound((uLong)input_bytes) + 32;
}

uint64_t compressor_expected(const struct compressor *compressor, uint64_t input_bytes)
{
	uint64_t taken = __atomic_load_n(&compressor->taken_bytes, __ATOMIC_RELAXED);
	uint64_t made = __atomic_load_n(&compressor->made_bytes, __ATOMIC_RELAXED);

	return taken ? (uint64_t)((double)input_bytes * (double)made / (double)taken) : 0;
}

void compressor_submit(struct compressor *compressor, struct compressor_job *job)
{
	job->is_done = false;
	job->next = NULL;
	pthread_mutex_lock(&compressor->mutex);
	*compressor->end = job;
	compressor->end = &job->next;
	pthread_cond_signal(&compressor->has_job);
	pthread_mutex_unlock(&compressor->mutex);
}

bool compressor_is_done(const struct compressor_job *job)
{
	return __atomic_load_n(&job->is_done, __ATOMIC_ACQUIRE);
}

void compressor_wait(struct compressor *compressor, struct compressor_job *job)
{
	pthread_mutex_lock(&compressor->mutex);
	while (!compressor_is_done(job))
		pthread_cond_wait(&compressor->has_done, &compressor->mutex);
	pthread_mutex_unlock(&compressor->mutex);
}
