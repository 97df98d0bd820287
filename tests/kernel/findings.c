/* SPDX-License-Identifier: GPL-2.0-only */
/* Forks, adds up. */
#include "findings.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAXIMUM_WORKERS 16

int findings_open(struct findings *ret_findings)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	void *memory;

	*ret_findings = (struct findings){ 0 };
	if (cpus < 1)
		cpus = 1;
	if (cpus > MAXIMUM_WORKERS)
		cpus = MAXIMUM_WORKERS;
	memory = mmap(NULL, (size_t)cpus * sizeof(struct finding), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -ENOMEM;
	ret_findings->workers = (unsigned int)cpus;
	ret_findings->list = memory;
	return 0;
}

void findings_close(struct findings *findings)
{
	if (findings->list)
		munmap(findings->list, findings->workers * sizeof(*findings->list));
	*findings = (struct findings){ 0 };
}

void findings_run(struct findings *findings, int (*work)(void *context, unsigned int worker),
		  void *context)
{
	pid_t children[MAXIMUM_WORKERS];

	fflush(stdout);
	for (unsigned int i = 0; i < findings->workers; i++) {
		children[i] = fork();
		if (children[i] != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		kernel_capture_stay_on_cpu(i);
		_exit(work(context, i) != 0);
	}
	for (unsigned int i = 0; i < findings->workers; i++) {
		int status = 1;

		if (children[i] < 0 || waitpid(children[i], &status, 0) != children[i] || status)
			findings->list[i].errors++;
	}
}

enum filter_outcome findings_judge(struct filter_check *check, const char *expression,
				   struct finding *finding)
{
	enum filter_outcome outcome = OUTCOME_UNEXPECTED;
	struct filter_tally tally = { 0 };

	if (filter_check_run(check, expression, &outcome, &tally))
		finding->errors++;
	else
		finding->outcomes[outcome]++;
	finding->wrong += tally.wrong > 0;
	if (tally.wrong > 0)
		printf("# '%s': %zu verdicts are wrong\n", expression, tally.wrong);
	filter_tally_add(&finding->tally, &tally);
	return outcome;
}

struct finding findings_sum(const struct findings *findings)
{
	struct finding sum = { 0 };

	for (unsigned int i = 0; i < findings->workers; i++) {
		const struct finding *finding = &findings->list[i];

		filter_tally_add(&sum.tally, &finding->tally);
		for (int outcome = 0; outcome <= OUTCOME_UNEXPECTED; outcome++)
			sum.outcomes[outcome] += finding->outcomes[outcome];
		sum.wrong += finding->wrong;
		sum.errors += finding->errors;
		sum.not_as_listed += finding->not_as_listed;
	}
	return sum;
}

void findings_print(const struct finding *finding)
{
	printf("# expressions: %u judged, %u refused, %u as a line says, %u taken by one only; "
	       "verdicts: %zu in user space, %zu in the kernel (%zu cannot run there), %zu "
	       "matches\n",
	       finding->outcomes[OUTCOME_JUDGED], finding->outcomes[OUTCOME_REFUSED],
	       finding->outcomes[OUTCOME_EXPECTED], finding->outcomes[OUTCOME_UNEXPECTED],
	       finding->tally.user, finding->tally.kernel, finding->tally.skipped,
	       finding->tally.matches);
}
