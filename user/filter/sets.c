/* SPDX-License-Identifier: GPL-2.0-only */
/* Host sets in an expression; see sets.h. */
#include "sets.h"

#include <errno.h>
#include <net/ethernet.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "failure.h"
#include "protocol.h"

static int add_set(struct ast *ast, struct hostset *set, size_t *ret_number)
{
	struct hostset **sets = reallocarray(ast->sets, ast->set_count + 1, sizeof(*ast->sets));

	if (!sets)
		return -ENOMEM;
	ast->sets = sets;
	sets[ast->set_count] = set;
	*ret_number = ast->set_count++;
	return 0;
}

static size_t count_maps(const struct ast *ast)
{
	size_t count = 0;

	for (size_t i = 0; i < ast->set_count; i++)
		count += hostset_map_count(ast->sets[i]);
	return count;
}

/* What a primitive asks of the addresses of a packet. */
struct question {
	struct ast *ast;
	size_t set;
	enum filter_protocol protocol;
	enum filter_side side;
	bool is_ipv6;
};

static int join_member(const struct question *question, enum filter_side side,
		       struct ast_node **tree)
{
	bool is_source = side == FILTER_SIDE_SOURCE;
	enum ast_kind kind = question->side == FILTER_SIDE_BOTH ? AST_AND : AST_OR;
	struct ast_node *node;
	int error;

	if (question->side == (is_source ? FILTER_SIDE_DESTINATION : FILTER_SIDE_SOURCE))
		return 0;
	error = ast_add_node(question->ast, AST_MEMBER, &node);
	if (error)
		return error;
	node->member = (struct ast_member){
		.set = question->ast->sets[question->set],
		.number = question->set,
		.is_ipv6 = question->is_ipv6,
		.present = is_source ? SUMMARY_SOURCE : SUMMARY_DESTINATION,
		.offset = is_source ? offsetof(struct packet_summary, source) :
				      offsetof(struct packet_summary, destination),
	};
	return ast_join(question->ast, kind, *tree, node, tree);
}

/* The headers in which the addresses of this family are looked for. */
static bool list_ethertypes(const struct question *question, struct ast_test *ret_test)
{
	const struct protocol_meaning *protocol = protocol_get_meaning(question->protocol);

	*ret_test = (struct ast_test){
		.present = SUMMARY_ETHERTYPE,
		.offset = offsetof(struct packet_summary, ethertype),
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
	};
	for (size_t i = 0; i < protocol->ethertype_count; i++) {
		uint16_t ethertype = protocol->ethertypes[i];

		if ((ethertype == ETHERTYPE_IPV6) == question->is_ipv6)
			ret_test->values[ret_test->value_count++] = ethertype;
	}
	return ret_test->value_count > 0;
}

/* Adds one family to *tree: the header, then the addresses of the sides that are asked for. */
static int join_family(const struct question *question, struct ast_node **tree)
{
	struct ast_node *header = NULL, *members = NULL, *both = NULL;
	struct ast_test ethertypes;
	int error;

	if (!list_ethertypes(question, &ethertypes))
		return 0;
	error = ast_add_node(question->ast, AST_TEST, &header);
	if (error)
		return error;
	header->test = ethertypes;
	error = join_member(question, FILTER_SIDE_SOURCE, &members);
	if (!error)
		error = join_member(question, FILTER_SIDE_DESTINATION, &members);
	if (!error)
		error = ast_join(question->ast, AST_AND, header, members, &both);
	return error ? error : ast_join(question->ast, AST_OR, *tree, both, tree);
}

static int make_meaning(struct ast *ast, const struct ast_qualifiers *qualifiers, size_t set,
			struct ast_node **ret_meaning)
{
	struct question question = {
		.ast = ast,
		.set = set,
		.protocol = qualifiers->protocol,
		.side = qualifiers->side,
	};
	struct ast_node *tree = NULL;
	int error = join_family(&question, &tree);

	question.is_ipv6 = true;
	if (!error)
		error = join_family(&question, &tree);
	*ret_meaning = tree;
	return error;
}

/* The set of a file that an earlier primitive has read. */
static bool find_file(const struct ast *ast, const char *path, bool takes_prefixes,
		      size_t *ret_number)
{
	for (size_t i = 0; i < ast->set_count; i++) {
		const struct hostset *set = ast->sets[i];

		if (set->path && set->takes_prefixes == takes_prefixes &&
		    strcmp(set->path, path) == 0) {
			*ret_number = i;
			return true;
		}
	}
	return false;
}

static int read_set(struct ast *ast, const struct ast_node *primitive, const char *path,
		    size_t *ret_number, struct filter_error *reterr)
{
	const struct token *id = &primitive->id;
	struct hostset *set;
	struct error why;
	int error = hostset_read_file(path, primitive->kind == AST_NET, &set, &why);

	if (error == -ENOMEM)
		return error;
	if (error)
		return failure_set(reterr, id->offset, id->length, "%s", why.message);
	error = add_set(ast, set, ret_number);
	if (error) {
		hostset_free(set);
		return error;
	}
	if (count_maps(ast) > SETS_MAXIMUM_MAPS)
		return failure_set(reterr, id->offset, id->length,
				   "too many sets in one expression: with this one they need more "
				   "than %d maps of the kernel, two for each kind of entry",
				   SETS_MAXIMUM_MAPS);
	return 0;
}

int sets_resolve_file(const char *expression, struct ast *ast, struct ast_node *primitive,
		      struct filter_error *reterr)
{
	const struct token *id = &primitive->id;
	_cleanup_free_ char *path = strndup(expression + id->offset, id->length);
	int error = 0;
	size_t set;

	if (!path)
		return -ENOMEM;
	if (!find_file(ast, path, primitive->kind == AST_NET, &set))
		error = read_set(ast, primitive, path, &set, reterr);
	if (error)
		return error;
	primitive->set = ast->sets[set];
	return make_meaning(ast, &primitive->qualifiers, set, &primitive->meaning);
}

/* Bits of a prefix; -1 for a mask with holes, which no set can hold. */
static int prefix_bits(const struct ast_network *network)
{
	size_t words = network->is_ipv6 ? 4 : 1;
	bool has_ended = false;
	int bits = 0;

	for (size_t bit = 0; bit < words * 32; bit++) {
		const uint8_t *mask = (const uint8_t *)network->mask_be;
		bool is_set = mask[bit / 8] >> (7 - bit % 8) & 1;

		if (is_set && has_ended)
			return -1;
		has_ended |= !is_set;
		bits += is_set;
	}
	return bits;
}

/* Whether it asks for one of some addresses in a way that a lookup can answer. */
static bool is_joinable(const struct ast_node *node)
{
	enum filter_protocol protocol = node->qualifiers.protocol;

	if ((node->kind != AST_HOST && node->kind != AST_NET) || node->network_count == 0 ||
	    node->qualifiers.side == FILTER_SIDE_BOTH)
		return false;
	if (protocol != FILTER_PROTOCOL_ANY && protocol != FILTER_PROTOCOL_IP &&
	    protocol != FILTER_PROTOCOL_IP6 && protocol != FILTER_PROTOCOL_ARP &&
	    protocol != FILTER_PROTOCOL_RARP)
		return false;
	for (size_t i = 0; i < node->network_count; i++)
		if (prefix_bits(&node->networks[i]) < 0)
			return false;
	return true;
}

/* Of "or" the alternatives themselves, of "and" what its negations exclude: "not a and not b". */
static struct ast_node *alternative(const struct ast_node *parent, struct ast_node *child)
{
	if (parent->kind == AST_OR)
		return child;
	return child->kind == AST_NOT ? child->first_child : NULL;
}

static bool is_alike(const struct ast_node *a, const struct ast_node *b)
{
	return b && is_joinable(b) && a->qualifiers.protocol == b->qualifiers.protocol &&
	       a->qualifiers.side == b->qualifiers.side;
}

static int add_networks(struct hostset *set, const struct ast_node *node)
{
	int error = 0;

	for (size_t i = 0; i < node->network_count && !error; i++) {
		const struct ast_network *network = &node->networks[i];
		struct hostset_entry entry = {
			.is_ipv6 = network->is_ipv6,
			.bits = (uint8_t)prefix_bits(network),
		};

		memcpy(entry.address_be, network->address_be, sizeof(entry.address_be));
		error = hostset_add(set, &entry);
	}
	return error;
}

static void cleanup_set(struct hostset **set)
{
	hostset_free(*set);
}

/* The addresses of the alternatives that are like this one and come behind it. */
static int collect_set(const struct ast_node *parent, const struct ast_node *like,
		       struct ast_node *first_child, struct hostset **ret_set)
{
	CLEANUP(cleanup_set) struct hostset *set = NULL;
	int error = hostset_new(&set);

	for (struct ast_node *child = first_child; child && !error; child = child->next) {
		const struct ast_node *node = alternative(parent, child);

		if (is_alike(like, node))
			error = add_networks(set, node);
	}
	if (!error)
		error = hostset_finish(set);
	if (error)
		return error;
	*ret_set = TAKE(set);
	return 0;
}

/* Moves all that are alike to be children of joined, whose tree takes the first one's place. */
static void move_alike(struct ast_node *parent, const struct ast_node *first_child,
		       const struct ast_node *like, struct ast_node *joined, struct ast_node *tree)
{
	struct ast_node *child = parent->first_child;

	parent->first_child = NULL;
	parent->last_child = NULL;
	while (child) {
		struct ast_node *following = child->next;
		struct ast_node *node = alternative(parent, child);

		child->next = NULL;
		if (child == first_child)
			ast_add_child(parent, tree);
		if (is_alike(like, node))
			ast_add_child(joined, node);
		else
			ast_add_child(parent, child);
		child = following;
	}
}

/* Puts the set in the place of those of its alternatives; *ret_tree is where they were. */
static int put_set(struct ast *ast, struct ast_node *parent, struct ast_node *first_child,
		   size_t number, struct ast_node **ret_tree)
{
	struct ast_node *like = alternative(parent, first_child);
	struct ast_node *joined, *tree;
	int error = ast_add_node(ast, AST_SET, &joined);

	if (!error)
		error = make_meaning(ast, &like->qualifiers, number, &joined->meaning);
	tree = joined;
	if (!error && parent->kind == AST_AND)
		error = ast_negate(ast, joined, &tree);
	if (error)
		return error;
	move_alike(parent, first_child, like, joined, tree);
	*ret_tree = tree;
	if (parent->kind == AST_OR && parent->first_child == parent->last_child) {
		parent->kind = AST_SET;
		parent->meaning = joined->meaning;
		parent->first_child = joined->first_child;
		parent->last_child = joined->last_child;
		*ret_tree = parent->last_child;
	}
	return 0;
}

/*
 * Makes a set of the alternatives that are like the one in this child, if they are enough.
 * *ret_tree is the child then in its place; NULL if no more maps may be made.
 */
static int join_alike(struct ast *ast, struct ast_node *parent, struct ast_node *first_child,
		      struct ast_node **ret_tree)
{
	const struct ast_node *like = alternative(parent, first_child);
	size_t count = 0, number = 0;
	struct hostset *set;
	int error;

	*ret_tree = first_child;
	for (struct ast_node *child = first_child; child; child = child->next) {
		const struct ast_node *node = alternative(parent, child);

		count += is_alike(like, node) ? node->network_count : 0;
	}
	if (count < SETS_MINIMUM_CHAIN)
		return 0;
	error = collect_set(parent, like, first_child, &set);
	if (error)
		return error;
	if (count_maps(ast) + hostset_map_count(set) > SETS_MAXIMUM_MAPS) {
		hostset_free(set);
		*ret_tree = NULL;
		return 0;
	}
	error = add_set(ast, set, &number);
	if (!error)
		return put_set(ast, parent, first_child, number, ret_tree);
	hostset_free(set);
	return error;
}

/* The chain may be the children of any "or", and the negations among those of any "and". */
static int join_below(struct ast *ast, struct ast_node *parent)
{
	struct ast_node *child;
	int error = 0;

	for (child = parent->first_child; child && !error; child = child->next)
		if (child->first_child)
			error = join_below(ast, child);
	if (error || (parent->kind != AST_OR && parent->kind != AST_AND))
		return error;
	for (child = parent->first_child; child && !error; child = child ? child->next : NULL) {
		const struct ast_node *node = alternative(parent, child);

		if (node && is_joinable(node))
			error = join_alike(ast, parent, child, &child);
	}
	return error;
}

int sets_join_chains(struct ast *ast)
{
	return ast->root ? join_below(ast, ast->root) : 0;
}
