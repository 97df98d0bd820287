/* SPDX-License-Identifier: GPL-2.0-only */
/* The checked cursor reads what is there, in its byte order, and nothing beyond. */
#include "../../user/base/bytes.h"

#include "check.h"

static const uint8_t sample[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08 };

/* Each reader with a result of 64 bits, for the table. */
#define READER(name, type)                                               \
	static int read_##name(struct bytes *bytes, uint64_t *ret_value) \
	{                                                                \
		type value = 0;                                          \
		int error = bytes_read_##name(bytes, &value);            \
                                                                         \
		if (!error)                                              \
			*ret_value = value;                              \
		return error;                                            \
	}

READER(u8, uint8_t)
READER(be16, uint16_t)
READER(be24, uint32_t)
READER(be32, uint32_t)
READER(be64, uint64_t)
READER(host16, uint16_t)
READER(host32, uint32_t)
READER(host64, uint64_t)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HOST(little, big) little
#else
#define HOST(little, big) big
#endif

static const struct {
	const char *name;
	int (*read)(struct bytes *bytes, uint64_t *ret_value);
	size_t width;
	uint64_t expected;
} readers[] = {
	{ "u8", read_u8, 1, 0x01 },
	{ "be16", read_be16, 2, 0x0102 },
	{ "be24", read_be24, 3, 0x010203 },
	{ "be32", read_be32, 4, 0x01020304 },
	{ "be64", read_be64, 8, 0x0102030405060708 },
	{ "host16", read_host16, 2, HOST(0x0201, 0x0102) },
	{ "host32", read_host32, 4, HOST(0x04030201, 0x01020304) },
	{ "host64", read_host64, 8, HOST(0x0807060504030201, 0x0102030405060708) },
};

static void test_readers(void)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		struct bytes exact = bytes_make(sample, readers[i].width);
		struct bytes lacking = bytes_make(sample, readers[i].width - 1);
		uint64_t value = 0;
		uint64_t untouched = 99;
		int error = readers[i].read(&exact, &value);

		check(error == 0 && value == readers[i].expected, "%s reads its value",
		      readers[i].name);
		check_note("error %d, value 0x%llx", error, (unsigned long long)value);
		check(exact.length == 0 && exact.data == sample + readers[i].width,
		      "%s moves on by its width", readers[i].name);
		error = readers[i].read(&lacking, &untouched);
		check(error == -ENODATA && untouched == 99, "%s refuses when one byte is missing",
		      readers[i].name);
		check(lacking.data == sample && lacking.length == readers[i].width - 1,
		      "%s leaves the cursor where it was when it refuses", readers[i].name);
	}
}

static void test_parts(void)
{
	struct bytes bytes = bytes_make(sample, sizeof(sample));
	struct bytes empty = bytes_make(NULL, 0);
	struct bytes part = { 0 };
	uint8_t copy[2] = { 0 };

	check(bytes_skip(&bytes, 2) == 0 && bytes.data[0] == 0x03, "skip moves on");
	check(bytes_take(&bytes, 3, &part) == 0 && part.data == sample + 2 && part.length == 3,
	      "take gives the next bytes as a cursor");
	check(bytes.length == 3 && bytes.data[0] == 0x06, "take moves on behind what it gave");
	check(bytes_take(&bytes, 4, &part) == -ENODATA && part.length == 3 && bytes.length == 3,
	      "take refuses more than is left");
	check(bytes_skip(&bytes, SIZE_MAX) == -ENODATA && bytes.length == 3,
	      "skip refuses the largest count");
	check(bytes_copy(&bytes, copy, 2) == 0 && copy[0] == 0x06 && copy[1] == 0x07,
	      "copy copies");
	bytes_skip_padding(&bytes, 4);
	check(bytes.length == 0, "padding may be shorter than it should be");
	check(bytes_skip(&empty, 0) == 0 && bytes_skip(&empty, 1) == -ENODATA,
	      "nothing can be skipped in an empty cursor");
}

int main(void)
{
	test_readers();
	test_parts();
	return check_finish();
}
