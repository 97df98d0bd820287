/* SPDX-License-Identifier: GPL-2.0-only */
/* IPsec: the authentication header (RFC 4302, section 2), and what ESP leaves readable (RFC 4303). */
#include "../line.h"
#include "ipv6.h"
#include "registry.h"

enum {
	AH_NEXT,
	AH_LENGTH,
	AH_RESERVED,
	AH_SPI,
	AH_SEQUENCE,
	AH_CHECK,
};

enum {
	ESP_SPI,
	ESP_SEQUENCE,
	ESP_DATA,
};

static const struct field_info ah_fields[] = {
	[AH_NEXT] = { "ah.next_header", "Next header", FIELD_NUMBER, 1,
		      .values = registry_ip_protocols },
	[AH_LENGTH] = { "ah.length", "Length", FIELD_NUMBER, 1 },
	[AH_RESERVED] = { "ah.reserved", "Reserved", FIELD_BYTES },
	[AH_SPI] = { "ah.spi", "AH SPI", FIELD_HEX, 4 },
	[AH_SEQUENCE] = { "ah.sequence", "AH Sequence", FIELD_NUMBER, 4 },
	[AH_CHECK] = { "ah.icv", "AH ICV", FIELD_BYTES },
};

static const struct field_info esp_fields[] = {
	[ESP_SPI] = { "esp.spi", "ESP SPI", FIELD_HEX, 4 },
	[ESP_SEQUENCE] = { "esp.sequence", "ESP Sequence", FIELD_NUMBER, 4 },
	[ESP_DATA] = { "esp.encrypted_data", "ESP Encrypted Data", FIELD_BYTES },
};

/* The length is in units of 4 bytes, less 2. */
static int dissect_ah(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[2];

	if (dissection_add_fields(dissection, bytes, &ah_fields[AH_NEXT], 2, numbers) ||
	    numbers[1] < 1 ||
	    dissection_add_bytes(dissection, bytes, 2, &ah_fields[AH_RESERVED], NULL) ||
	    dissection_add_fields(dissection, bytes, &ah_fields[AH_SPI], 2, NULL) ||
	    (numbers[1] > 1 && dissection_add_bytes(dissection, bytes, (numbers[1] - 1) * 4,
						    &ah_fields[AH_CHECK], NULL)))
		return -ENODATA;
	ipv6_next(dissection, (uint8_t)numbers[0], *bytes);
	return 0;
}

static int dissect_esp(struct dissection *dissection, struct bytes *bytes)
{
	if (dissection_add_fields(dissection, bytes, &esp_fields[ESP_SPI], 2, NULL))
		return -ENODATA;
	return bytes->length ? dissection_add_bytes(dissection, bytes, bytes->length,
						    &esp_fields[ESP_DATA], NULL) :
			       0;
}

static void add_spi(const struct field *spi, const char *before, struct line *line)
{
	if (!spi)
		return;
	line_add(line, before);
	line_add_hex(line, spi->number, 8);
	line_add_character(line, ')');
}

static void describe_ah(const struct dissection *dissection, const struct layer *layer,
			struct line *line)
{
	add_spi(dissection_find(dissection, layer, &ah_fields[AH_SPI]), "AH (SPI=0x", line);
}

static void describe_esp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	add_spi(dissection_find(dissection, layer, &esp_fields[ESP_SPI]), "ESP (SPI=0x", line);
}

const struct dissector dissector_ah = {
	.name = "ah",
	.label = "AH",
	.title = "Authentication Header",
	DISSECTOR_FIELDS(ah_fields),
	.dissect = dissect_ah,
	.describe = describe_ah,
};

const struct dissector dissector_esp = {
	.name = "esp",
	.label = "ESP",
	.title = "Encapsulating Security Payload",
	DISSECTOR_FIELDS(esp_fields),
	.dissect = dissect_esp,
	.describe = describe_esp,
};
