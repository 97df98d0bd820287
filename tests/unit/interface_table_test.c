/* SPDX-License-Identifier: GPL-2.0-only */
/* What the keeper adds to the table of interfaces, the writer finds, in another process too. */
#include "../../user/interface_table.h"

#include <errno.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static struct interface make_interface(unsigned int ifindex, const char *name)
{
	struct interface interface = { .ifindex = ifindex, .hardware_type = ARPHRD_ETHER };

	strncpy(interface.name, name, sizeof(interface.name) - 1);
	return interface;
}

static void check_basics(struct interface_table *table)
{
	/* The second falls together with the first in the hash. */
	const struct interface first = make_interface(7, "eth7");
	const struct interface second =
		make_interface(7 + 2 * INTERFACE_TABLE_ENTRIES, "eth-far-away-15");
	const struct interface renamed = make_interface(7, "eth8");

	check(interface_table_find(table, 7) == INTERFACE_TABLE_ENTRIES,
	      "an empty table has no interface");
	interface_table_add(table, &first);
	interface_table_add(table, &second);
	interface_table_add(table, &renamed);
	check(interface_table_count(table) == 2, "an interface is added once");
	check(interface_table_find(table, first.ifindex) == 0 &&
		      interface_table_find(table, second.ifindex) == 1,
	      "interfaces are found by their ifindex");
	check(strcmp(interface_table_at(table, 0)->name, "eth7") == 0 &&
		      strcmp(interface_table_at(table, 1)->name, "eth-far-away-15") == 0,
	      "they have the names that they had when they were added");
	check(interface_table_at(table, 1)->hardware_type == ARPHRD_ETHER,
	      "they have their hardware type");
}

static void check_other_process(struct interface_table *table)
{
	const struct interface later = make_interface(9, "eth9");
	int status, go[2];
	char byte;
	pid_t pid;

	if (pipe(go))
		_exit(1);
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		(void)!read(go[0], &byte, 1);
		_exit(interface_table_find(table, 9) == 2 ? 0 : 1);
	}
	interface_table_add(table, &later);
	close(go[1]);
	waitpid(pid, &status, 0);
	close(go[0]);
	check(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	      "another process finds what was added after it was made");
}

static void check_full(struct interface_table *table)
{
	unsigned int ifindex = 100;
	struct interface interface;
	int error = 0;

	while (!error) {
		interface = make_interface(ifindex, "veth");
		error = interface_table_add(table, &interface);
		ifindex++;
	}
	check(error == -ENOSPC && interface_table_count(table) == INTERFACE_TABLE_ENTRIES,
	      "a full table says so");
	check(interface_table_find(table, ifindex - 1) == INTERFACE_TABLE_ENTRIES &&
		      interface_table_find(table, ifindex - 2) == INTERFACE_TABLE_ENTRIES - 1 &&
		      interface_table_find(table, 7) == 0,
	      "a full table still finds what is in it");
}

int main(void)
{
	struct interface_table *table = interface_table_new();

	check_basics(table);
	check_other_process(table);
	check_full(table);
	interface_table_free(table);
	return check_finish();
}
